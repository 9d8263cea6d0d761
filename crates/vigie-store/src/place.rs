//! Where an archive lies: a folder, or a bucket of an S3-compatible store with a folder beside it.
//!
//! In a bucket are the tables, the cursors and the last record of each source: what another machine needs to go on.
//! In the folder stay the lock, the quarantine (raw rows may name people) and copies of the bucket's data files,
//! which never change once written.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use deltalake_core::{DeltaTable, DeltaTableBuilder, DeltaTableError};
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt, PutMode};
use tokio::runtime::Runtime;
use url::Url;

use crate::{Error, bucket};

/// Where an archive lies.
#[derive(Clone, Debug)]
pub struct Place {
    folder: PathBuf,
    runtime: Arc<Runtime>,
    bucket: Option<Bucket>,
}

/// A bucket, or a part of one.
#[derive(Clone, Debug)]
struct Bucket {
    url: Url,
    store: Arc<dyn ObjectStore>,
    prefix: Key,
}

impl Place {
    /// An archive in `folder`, which need not exist yet.
    ///
    /// # Errors
    /// When the machine gives no thread to read with.
    pub fn folder(folder: &Path) -> Result<Self, Error> {
        let folder = std::path::absolute(folder).map_err(Error::io("cannot open", folder))?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(Error::io("cannot start reading", &folder))?;
        Ok(Self { folder, runtime: Arc::new(runtime), bucket: None })
    }

    /// An archive in the bucket and prefix of `url` (`s3://bucket/prefix`), with `folder` for what stays on the
    /// machine. Credentials, region and endpoint come from the environment (`AWS_…`).
    ///
    /// # Errors
    /// When the URL or what the environment says cannot be used. Nothing is asked of the store yet.
    pub fn bucket(folder: &Path, url: &str) -> Result<Self, Error> {
        let place = Self::folder(folder)?;
        let (url, store, prefix) = bucket::open(url)?;
        Ok(Self { bucket: Some(Bucket { url, store, prefix }), ..place })
    }

    /// The folder: the archive itself, or what stays on the machine.
    pub fn local(&self) -> &Path {
        &self.folder
    }

    /// The folder of what was read in the mentions' texts, kept from one report to the next: nothing but time is lost
    /// with it.
    pub fn readings(&self) -> PathBuf {
        self.folder.join("readings")
    }

    /// Whether other machines may write to the archive too.
    pub fn is_shared(&self) -> bool {
        self.bucket.is_some()
    }

    /// The archive as a person knows it: its folder or its URL.
    pub fn name(&self) -> String {
        self.bucket.as_ref().map_or_else(|| self.folder.display().to_string(), |b| b.url.to_string())
    }

    /// The file `name` as a person knows it.
    pub(crate) fn shown(&self, name: &str) -> PathBuf {
        match &self.bucket {
            Some(bucket) => PathBuf::from(format!("{}/{name}", bucket.url.as_str().trim_end_matches('/'))),
            None => self.folder.join(name),
        }
    }

    pub(crate) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The table `name`, not loaded yet.
    pub(crate) fn table(&self, name: &str) -> Result<DeltaTable, DeltaTableError> {
        match &self.bucket {
            None => {
                let folder = self.folder.join(name);
                let url = Url::from_directory_path(&folder)
                    .map_err(|()| DeltaTableError::InvalidTableLocation(folder.display().to_string()))?;
                DeltaTableBuilder::from_url(url)?.build()
            }
            Some(bucket) => {
                let url = Url::parse(&format!("{}/{name}/", bucket.url.as_str().trim_end_matches('/')))
                    .map_err(|e| DeltaTableError::InvalidTableLocation(e.to_string()))?;
                let root: Arc<object_store::DynObjectStore> = bucket.store.clone();
                DeltaTableBuilder::from_url(url.clone())?.with_storage_backend(root, url).build()
            }
        }
    }

    /// The bytes of a small file; `None` when there is none.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let Some(bucket) = &self.bucket else {
            let path = self.folder.join(name);
            return match std::fs::read(&path) {
                Ok(bytes) => Ok(Some(bytes)),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(e) => Err(Error::io("cannot read", path)(e)),
            };
        };
        let got = self.run(async { bucket.store.get(&bucket.key(name)).await?.bytes().await });
        match got {
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(source) => Err(bucket.refused(name, source)),
        }
    }

    /// Writes a small file, in one step and down to the disk.
    ///
    /// # Errors
    /// When it cannot be written; an earlier one is then as it was.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let Some(bucket) = &self.bucket else {
            let path = self.folder.join(name);
            let parent = path.parent().unwrap_or(&self.folder);
            std::fs::create_dir_all(parent).map_err(Error::io("cannot create", parent))?;
            let draft = path.with_extension("new");
            let mut file = File::create(&draft).map_err(Error::io("cannot write", &draft))?;
            file.write_all(bytes)
                .and_then(|()| file.sync_all())
                .and_then(|()| std::fs::rename(&draft, &path))
                .map_err(Error::io("cannot write", &path))?;
            return sync_folder(parent);
        };
        let put = self.run(bucket.store.put(&bucket.key(name), bytes.to_vec().into()));
        put.map(|_| ()).map_err(|source| bucket.refused(name, source))
    }

    /// Removes a small file, if there is one.
    ///
    /// # Errors
    /// When it is there and cannot be removed.
    pub(crate) fn remove(&self, name: &str) -> Result<(), Error> {
        let Some(bucket) = &self.bucket else {
            let path = self.folder.join(name);
            return match std::fs::remove_file(&path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io("cannot remove", path)(e)),
                _ => Ok(()),
            };
        };
        match self.run(bucket.store.delete(&bucket.key(name))) {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(source) => Err(bucket.refused(name, source)),
        }
    }

    /// Names of the files in a folder, sorted; none when there is no such folder.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(&self, folder: &str) -> Result<Vec<String>, Error> {
        self.entries(folder, false)
    }

    /// Names of the folders in a folder, sorted; none when there is no such folder.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(crate) fn folders(&self, folder: &str) -> Result<Vec<String>, Error> {
        self.entries(folder, true)
    }

    fn entries(&self, folder: &str, folders: bool) -> Result<Vec<String>, Error> {
        let Some(bucket) = &self.bucket else {
            let path = self.folder.join(folder);
            let entries = match std::fs::read_dir(&path) {
                Ok(entries) => entries,
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
                Err(e) => return Err(Error::io("cannot read", path)(e)),
            };
            let mut names = Vec::new();
            for entry in entries {
                let entry = entry.map_err(Error::io("cannot read", &path))?;
                if entry.path().is_dir() == folders {
                    names.push(entry.file_name().to_string_lossy().into_owned());
                }
            }
            names.sort();
            return Ok(names);
        };
        let found = self.run(bucket.store.list_with_delimiter(Some(&bucket.key(folder))));
        let found = found.map_err(|source| bucket.refused(folder, source))?;
        let keys: Vec<Key> =
            if folders { found.common_prefixes } else { found.objects.into_iter().map(|o| o.location).collect() };
        let mut names: Vec<String> = keys.iter().filter_map(|k| k.filename().map(str::to_owned)).collect();
        names.sort();
        Ok(names)
    }

    /// Where the data file `name` of `table` is, or is to be written, on this machine.
    pub(crate) fn data_path(&self, table: &str, name: &str) -> PathBuf {
        match &self.bucket {
            None => self.folder.join(table).join(name),
            Some(_) => self.folder.join("copies").join(table).join(name),
        }
    }

    /// Hands a data file that was written at [`Place::data_path`] to the archive, safe from a power cut. Its name is
    /// `new`, or that of a file which an interrupted run may have left behind.
    pub(crate) fn keep_data(&self, table: &str, name: &str, new: bool) -> Result<(), Error> {
        let path = self.data_path(table, name);
        let Some(bucket) = &self.bucket else { return sync_folder(path.parent().unwrap_or(&self.folder)) };
        let bytes = std::fs::read(&path).map_err(Error::io("cannot read", &path))?;
        let name = format!("{table}/{name}");
        if !new {
            let put = self.run(bucket.store.put(&bucket.key(&name), bytes.into()));
            return put.map(|_| ()).map_err(|source| bucket.refused(&name, source));
        }
        let put = self.create_object(bucket, &name, bytes);
        if put.is_err() {
            // What another machine wrote under this name must be fetched, not taken from here.
            std::fs::remove_file(&path).map_err(Error::io("cannot remove", &path))?;
        }
        put
    }

    /// Writes the file `name`, which is not there yet: in a bucket, another machine that wrote it at the same moment
    /// wins.
    pub(crate) fn create(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        match &self.bucket {
            None => self.write(name, bytes),
            Some(bucket) => self.create_object(bucket, name, bytes.to_vec()),
        }
    }

    fn create_object(&self, bucket: &Bucket, name: &str, bytes: Vec<u8>) -> Result<(), Error> {
        let key = bucket.key(name);
        match self.run(bucket.store.put_opts(&key, bytes.into(), PutMode::Create.into())) {
            Ok(_) => Ok(()),
            Err(object_store::Error::AlreadyExists { .. }) => Err(Error::OtherWriter { table: self.shown(name) }),
            Err(source) => Err(bucket.refused(name, source)),
        }
    }

    /// Makes sure that a data file is on this machine.
    pub(crate) fn fetch_data(&self, table: &str, name: &str) -> Result<PathBuf, Error> {
        let path = self.data_path(table, name);
        let Some(bucket) = &self.bucket else { return Ok(path) };
        if !path.exists() {
            let key = format!("{table}/{name}");
            let got = self.run(async { bucket.store.get(&bucket.key(&key)).await?.bytes().await });
            let bytes = got.map_err(|source| bucket.refused(&key, source))?;
            let parent = path.parent().unwrap_or(&self.folder);
            std::fs::create_dir_all(parent).map_err(Error::io("cannot create", parent))?;
            // Moved into place whole: a copy that was cut short must not pass for the file.
            let draft = path.with_extension("new");
            std::fs::write(&draft, bytes)
                .and_then(|()| std::fs::rename(&draft, &path))
                .map_err(Error::io("cannot write", &path))?;
        }
        Ok(path)
    }

    /// Deletes a data file wherever it is.
    pub(crate) fn delete_data(&self, table: &str, name: &str) -> Result<(), Error> {
        let path = self.data_path(table, name);
        match std::fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(Error::io("cannot remove", path)(e)),
            _ => {}
        }
        if self.bucket.is_some() { self.remove(&format!("{table}/{name}")) } else { Ok(()) }
    }
}

impl Bucket {
    fn key(&self, name: &str) -> Key {
        let whole = format!("{}/{name}", self.prefix);
        Key::from(whole.trim_matches('/'))
    }

    fn refused(&self, name: &str, source: object_store::Error) -> Error {
        Error::Bucket {
            object: format!("{}/{name}", self.url.as_str().trim_end_matches('/')),
            source: Box::new(source),
        }
    }
}

/// A new name in a folder is safe only once the folder is on the disk too.
fn sync_folder(folder: &Path) -> Result<(), Error> {
    if cfg!(unix) {
        File::open(folder).and_then(|f| f.sync_all()).map_err(Error::io("cannot write", folder))?;
    }
    Ok(())
}
