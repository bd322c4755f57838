//! Messages that have come and not been looked at yet. While a document is checked, the next key
//! strokes arrive here, and the check can see that nobody wants its result any more.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use lsp_server::{Message, RequestId};
use serde_json::Value;

/// A queue that one thread fills and one empties.
#[derive(Default)]
pub struct Inbox {
    queue: Mutex<Queue>,
    has_news: Condvar,
}

#[derive(Default)]
struct Queue {
    messages: VecDeque<Message>,
    /// Whether there will be no more.
    is_closed: bool,
}

impl Inbox {
    /// An inbox of what `messages` gives, which another thread waits for.
    pub fn of(messages: impl IntoIterator<Item = Message> + Send + 'static) -> Arc<Self> {
        let inbox = Arc::new(Self::default());
        let filled = Arc::clone(&inbox);
        thread::spawn(move || {
            for message in messages {
                filled.lock().messages.push_back(message);
                filled.has_news.notify_one();
            }
            filled.lock().is_closed = true;
            filled.has_news.notify_one();
        });
        inbox
    }

    /// The next message; waits for it, until the caller has work to do if that is known. `None` if there is
    /// none by then, or will be none.
    pub fn next(&self, work: Option<Instant>) -> Option<Message> {
        let mut queue = self.lock();
        loop {
            if let Some(message) = queue.messages.pop_front() {
                return Some(message);
            }
            let left = work.map(|work| work.saturating_duration_since(Instant::now()));
            if queue.is_closed || left.is_some_and(|left| left.is_zero()) {
                return None;
            }
            queue = match left {
                None => self.has_news.wait(queue).unwrap_or_else(PoisonError::into_inner),
                Some(left) => {
                    let waited = self.has_news.wait_timeout(queue, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// Whether everything was looked at and nothing more will come.
    pub fn is_over(&self) -> bool {
        let queue = self.lock();
        queue.is_closed && queue.messages.is_empty()
    }

    /// Whether a change of one of the documents `uris` is waiting.
    pub fn has_change(&self, uris: &[String]) -> bool {
        self.lock().messages.iter().any(|message| match message {
            Message::Notification(it) if it.method.starts_with("textDocument/did") => {
                let named = it.params.pointer("/textDocument/uri").and_then(Value::as_str);
                named.is_some_and(|named| uris.iter().any(|uri| uri == named))
            }
            _ => false,
        })
    }

    /// Whether the request `id` is cancelled by a message that is waiting.
    pub fn is_cancelled(&self, id: &RequestId) -> bool {
        let id = serde_json::to_value(id).unwrap_or_default();
        self.lock().messages.iter().any(|message| match message {
            Message::Notification(it) if it.method == "$/cancelRequest" => {
                it.params.get("id") == Some(&id)
            }
            _ => false,
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Queue> {
        // Nobody panics while holding the lock, so what is in it is whole.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
