//! A file as the whole body of a request, with a limit on its size.

use crate::refusal::Refusal;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};

/// Bytes of one file, at most.
const FILE_MAX: usize = 10 * 1024 * 1024;

/// A file that a program sends.
pub(crate) struct FileBody(pub(crate) Vec<u8>);

impl<S: Send + Sync> FromRequest<S> for FileBody {
    type Rejection = Refusal;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Refusal> {
        DefaultBodyLimit::max(FILE_MAX).apply(&mut request);
        let bytes = Bytes::from_request(request, state).await.map_err(|_| {
            let limit = FILE_MAX / (1024 * 1024);
            Refusal::TooLarge(format!("At most {limit} MiB in one file; nothing was kept.").into())
        })?;
        Ok(Self(bytes.to_vec()))
    }
}
