//! Authors become pseudonyms before anything is stored.

use std::io::Write;
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use vigie_store::Place;

use crate::Error;

/// Number of groups authors are spread over for the jackknife (methods S3).
pub const AUTHOR_BUCKETS: u64 = 64;

/// File of a shared archive that tells its key from others.
const FINGERPRINT: &str = "author-key.fingerprint";

/// The client's key: without it nobody can tell which account is behind a pseudonym.
#[derive(Clone)]
pub struct AuthorKey(Vec<u8>);

impl AuthorKey {
    /// The key in `given` (from the environment), else the project's own file `author.key`, else
    /// the one kept in the archive, made at random the first time.
    ///
    /// # Errors
    /// When a key file cannot be read, or is shorter than 16 bytes, or none can be written.
    pub fn load(project: &Path, archive: &Place, given: Option<&str>) -> Result<Self, Error> {
        let key = Self::find(project, archive, given)?;
        key.is_the_archives(archive)?;
        Ok(key)
    }

    fn find(project: &Path, archive: &Place, given: Option<&str>) -> Result<Self, Error> {
        if let Some(key) = given {
            return Self::checked(key.trim().as_bytes().to_vec(), Path::new("VIGIE_AUTHOR_KEY"));
        }
        for folder in [project, archive.local()] {
            let path = folder.join("author.key");
            match std::fs::read_to_string(&path) {
                Ok(key) => return Self::checked(key.trim().as_bytes().to_vec(), &path),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(source) => return Err(Error::Io { path, source }),
            }
        }
        if archive.is_shared() {
            // A key made here would be unknown to the other machines: they would give an author another name.
            return Err(Error::NoSharedKey { archive: archive.name() });
        }
        Self::create(archive.local())
    }

    /// An archive that several machines write to remembers a fingerprint of its key, and takes no other.
    fn is_the_archives(&self, archive: &Place) -> Result<(), Error> {
        if !archive.is_shared() {
            return Ok(());
        }
        let own = self.pseudonym("vigie", "fingerprint of the key");
        match archive.read(FINGERPRINT)? {
            Some(known) if known == own.as_bytes() => Ok(()),
            Some(_) => Err(Error::OtherKey { archive: archive.name() }),
            None => Ok(archive.write(FINGERPRINT, own.as_bytes())?),
        }
    }

    fn checked(key: Vec<u8>, path: &Path) -> Result<Self, Error> {
        if key.len() < 16 {
            return Err(Error::ShortKey { path: path.to_owned() });
        }
        Ok(Self(key))
    }

    fn create(archive: &Path) -> Result<Self, Error> {
        let path = archive.join("author.key");
        let io = |source| Error::Io { path: path.clone(), source };
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random).map_err(|e| io(std::io::Error::other(e)))?;
        let key = hex::encode(random);
        // Written aside, for its owner only, then moved: a run killed here must not leave half a key.
        let mut draft = tempfile::NamedTempFile::new_in(archive).map_err(io)?;
        draft.write_all(key.as_bytes()).and_then(|()| draft.as_file().sync_all()).map_err(io)?;
        draft.persist_noclobber(&path).map_err(|e| io(e.error))?;
        Ok(Self(key.into_bytes()))
    }

    /// Pseudonym of an account: 20 hexadecimal digits of HMAC-SHA256 over platform and account.
    /// Accounts of two platforms are never joined.
    pub fn pseudonym(&self, platform: &str, account: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(platform.as_bytes());
        mac.update(&[0]);
        mac.update(account.as_bytes());
        hex::encode(&mac.finalize().into_bytes()[..10])
    }
}

/// Jackknife group of an account, the same whatever the client's key: six bits say nothing about
/// who it is, and two archives of the same data then give the same intervals.
pub(crate) fn author_bucket(platform: &str, account: &str) -> i64 {
    let seed = xxh3_64_with_seed(platform.as_bytes(), 0);
    i64::try_from(xxh3_64_with_seed(account.as_bytes(), seed) % AUTHOR_BUCKETS).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_depend_on_key_and_platform() {
        let (a, b) = (AuthorKey(vec![1; 32]), AuthorKey(vec![2; 32]));
        assert_eq!(a.pseudonym("x", "julie"), a.pseudonym("x", "julie"));
        assert_ne!(a.pseudonym("x", "julie"), b.pseudonym("x", "julie"));
        assert_ne!(a.pseudonym("x", "julie"), a.pseudonym("forum", "julie"));
        assert_eq!(a.pseudonym("x", "julie").len(), 20);
    }

    #[test]
    fn the_archive_keeps_the_key_it_made() {
        let dir = tempfile::tempdir().unwrap();
        let first = AuthorKey::load(dir.path(), &Place::folder(dir.path()).unwrap(), None).unwrap();
        let again = AuthorKey::load(dir.path(), &Place::folder(dir.path()).unwrap(), None).unwrap();
        assert_eq!(first.0, again.0);
        assert!(matches!(
            AuthorKey::load(dir.path(), &Place::folder(dir.path()).unwrap(), Some("short")),
            Err(Error::ShortKey { .. })
        ));
    }
}
