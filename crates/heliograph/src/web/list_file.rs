//! Lists as files to keep.

use crate::app::App;
use crate::refusal::Refusal;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use http_body::Frame;
use jiff::{SignedDuration, Timestamp};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use storage::Tx;

/// Rows of a long list that are read at once, in one state of the database.
pub(crate) const ROWS_AT_ONCE: i64 = 10_000;

/// How long a file may take: a million rows are a few megabytes.
const SENT_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// A list as CSV or JSON.
pub(crate) fn list_file(name: &str, ending: &str, body: impl Into<Body>) -> Response {
    let kind = if ending == "json" { "application/json" } else { "text/csv; charset=utf-8" };
    let disposition = format!("attachment; filename=\"{name}.{ending}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], body.into()).into_response()
}

/// The key of the last of [`ROWS_AT_ONCE`] rows; none where fewer were left.
pub(crate) fn last_of<T, K>(rows: &[T], key: impl Fn(&T) -> K) -> Option<K> {
    rows.last().filter(|_| rows.len() as i64 == ROWS_AT_ONCE).map(key)
}

/// A piece of a file, and where the file goes on behind it, if it does.
type Piece<K> = (String, Option<K>);

/// A file in pieces, for a list that may be longer than memory. `read` makes the piece behind a key, from the beginning
/// without one, and says behind which key the file goes on. Each piece is read once the one before it was taken, so that
/// one piece and no transaction waits for whoever reads slowly; what changes its place in the list meanwhile may be
/// missed or come twice. Where one fails the answer breaks off, and so it does after [`SENT_WITHIN`], for who asks is
/// looked at only once: a part does not pass for the whole.
pub(crate) async fn in_pieces<K, R>(app: &App, read: R) -> Result<Body, Refusal>
where
    K: Send + 'static,
    R: Fn(&mut Tx<'_>, Timestamp, Option<K>) -> Result<Piece<K>, Refusal> + Send + Sync + 'static,
{
    let until = app.now() + SENT_WITHIN;
    let (text, coming) = piece(app.clone(), until, Arc::new(read), None).0.await?;
    Ok(match coming {
        None => text.into(),
        Some(_) => Body::new(Pieces { text: Some(text), coming }),
    })
}

/// A piece that is being read.
struct Coming(Pin<Box<dyn Future<Output = Result<Piece<Self>, Refusal>> + Send>>);

fn piece<K, R>(app: App, until: Timestamp, read: Arc<R>, behind: Option<K>) -> Coming
where
    K: Send + 'static,
    R: Fn(&mut Tx<'_>, Timestamp, Option<K>) -> Result<Piece<K>, Refusal> + Send + Sync + 'static,
{
    Coming(Box::pin(async move {
        let (now, reading) = (app.now(), read.clone());
        if now > until {
            return Err(Refusal::Conflict("The file was taken too slowly; please ask for it again.".into()));
        }
        let (text, last) = app.read(move |tx| reading(tx, now, behind)).await?;
        Ok((text, last.map(|last| piece(app, until, read, Some(last)))))
    }))
}

struct Pieces {
    /// Read, and not yet taken.
    text: Option<String>,
    coming: Option<Coming>,
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Refusal;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Refusal>>> {
        if let Some(text) = self.text.take() {
            return Poll::Ready(Some(Ok(Frame::data(text.into()))));
        }
        let Some(Coming(reading)) = &mut self.coming else { return Poll::Ready(None) };
        let done = ready!(reading.as_mut().poll(context));
        self.coming = None;
        Poll::Ready(Some(match done {
            Ok((text, coming)) => {
                self.coming = coming;
                Ok(Frame::data(text.into()))
            }
            Err(refusal) => {
                tracing::error!(reason = ?refusal, "a file that was being sent broke off");
                Err(refusal)
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestApp;
    use axum::body::to_bytes;

    #[test]
    fn a_file_is_sent_piece_by_piece_and_breaks_off_where_one_cannot_be_read() {
        let app = TestApp::new();
        let sent = |pieces: i64, broken: i64| {
            let read = move |tx: &mut Tx<'_>, _, behind: Option<i64>| {
                let sql = "SELECT CAST($1 AS BIGINT) + 1";
                let number: i64 = tx.query_one(sql, storage::params![behind.unwrap_or_default()])?.get(0)?;
                let failed = || Refusal::Internal("the disk is gone".into());
                (number != broken).then_some(()).ok_or_else(failed)?;
                Ok((format!("{number};"), (number < pieces).then_some(number)))
            };
            app.runtime.block_on(async {
                let body = in_pieces(&app.app, read).await.map_err(|_| "refused")?;
                let length = body.size_hint().exact();
                let bytes = to_bytes(body, usize::MAX).await.map_err(|_| "broken off")?;
                Ok((String::from_utf8(bytes.to_vec()).unwrap(), length))
            })
        };
        assert_eq!(sent(1, 9), Ok(("1;".to_owned(), Some(2))));
        assert_eq!(sent(3, 9), Ok(("1;2;3;".to_owned(), None)));
        assert_eq!(sent(3, 1), Err("refused"), "nothing was sent yet");
        assert_eq!(sent(3, 3), Err("broken off"));
    }

    /// Who asks, and what they may see, is looked at when they ask.
    #[test]
    fn a_file_that_is_taken_too_slowly_breaks_off() {
        let app = TestApp::new();
        let sent = |minutes: i64| {
            let clock = app.app.clock.clone();
            let read = move |_: &mut Tx<'_>, now: Timestamp, behind: Option<i64>| {
                clock.set(now + SignedDuration::from_mins(minutes));
                Ok(("x".to_owned(), behind.is_none().then_some(1)))
            };
            app.runtime.block_on(async {
                let body = in_pieces(&app.app, read).await.map_err(|_| "refused")?;
                to_bytes(body, usize::MAX).await.map(|bytes| bytes.len()).map_err(|_| "broken off")
            })
        };
        assert_eq!((sent(10), sent(11)), (Ok(2), Err("broken off")));
    }

    #[test]
    fn a_list_goes_on_behind_a_full_read_only() {
        let behind = |rows: i64| last_of(&(0..rows).collect::<Vec<_>>(), |row| *row);
        assert_eq!([0, 1, ROWS_AT_ONCE - 1].map(behind), [None; 3]);
        assert_eq!(behind(ROWS_AT_ONCE), Some(ROWS_AT_ONCE - 1));
    }
}
