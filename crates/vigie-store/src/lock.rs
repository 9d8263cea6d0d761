//! One run writes at a time.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::Error;

/// Holds an archive for writing; released when dropped, and by the system when the process dies.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the archive in `folder`, which is made if there is none.
    ///
    /// # Errors
    /// [`Error::Locked`] when another run holds it.
    pub fn take(folder: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(Error::io("cannot create", folder))?;
        let path = folder.join("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(Error::io("cannot open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { path }),
            Err(TryLockError::Error(e)) => Err(Error::io("cannot lock", path)(e)),
        }
    }
}
