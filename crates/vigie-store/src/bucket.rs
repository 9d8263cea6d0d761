//! Buckets of S3-compatible stores. A commit is a conditional put (`If-None-Match`): of two machines that write the
//! same version, the store itself lets one win. No lock table is needed beside it.

use std::sync::{Arc, Once};

use deltalake_core::DeltaResult;
use deltalake_core::logstore::{
    LogStore, LogStoreFactory, ObjectStoreRef, StorageConfig, default_logstore, logstore_factories,
};
use object_store::ObjectStore;
use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::path::Path as Key;
use url::Url;

use crate::Error;

/// The store behind `s3://bucket/prefix`, and the prefix in it. Credentials come from the environment only.
pub(crate) fn open(url: &str) -> Result<(Url, Arc<dyn ObjectStore>, Key), Error> {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        if let Ok(scheme) = Url::parse("s3://") {
            logstore_factories().insert(scheme, Arc::new(ConditionalPuts));
        }
    });
    let refused = |reason: String| Error::BucketUrl { url: url.to_owned(), reason };
    let parsed = Url::parse(url).map_err(|e| refused(e.to_string()))?;
    let bucket = parsed.host_str().filter(|b| !b.is_empty() && parsed.scheme() == "s3");
    let Some(bucket) = bucket else { return Err(refused("write s3://bucket/prefix".to_owned())) };
    if !parsed.username().is_empty() || parsed.password().is_some() || parsed.query().is_some() {
        return Err(refused("credentials belong in the environment, not in the URL".to_owned()));
    }
    let store = AmazonS3Builder::from_env()
        .with_bucket_name(bucket)
        .with_conditional_put(S3ConditionalPut::ETagMatch)
        .build()
        .map_err(|e| refused(e.to_string()))?;
    let prefix = Key::from_url_path(parsed.path()).map_err(|e| refused(e.to_string()))?;
    Ok((parsed, Arc::new(store), prefix))
}

/// Logs of tables in a bucket.
struct ConditionalPuts;

impl LogStoreFactory for ConditionalPuts {
    fn with_options(
        &self,
        prefixed: ObjectStoreRef,
        root: ObjectStoreRef,
        location: &Url,
        options: &StorageConfig,
    ) -> DeltaResult<Arc<dyn LogStore>> {
        Ok(default_logstore(prefixed, root, location, options))
    }
}
