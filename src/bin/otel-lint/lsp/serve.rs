//! One message after the other: requests are answered, and between messages documents are checked.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use lsp_server::{ErrorCode, Message, Request, Response};
use serde_json::Value;

use super::projects::Projects;
use super::requests;
use super::server::Server;
use crate::exit::Outcome;

impl Server<'_> {
    /// Answers until the editor leaves.
    pub fn serve(&mut self) -> Outcome {
        loop {
            let now = (!self.dirty.is_empty()).then(Instant::now);
            match self.inbox.next(now.or(self.projects.search_at())) {
                Some(Message::Request(request)) => self.request(request),
                Some(Message::Notification(it)) if it.method == "exit" => {
                    return if self.is_shut_down { Outcome::Clean } else { Outcome::Findings };
                }
                Some(Message::Notification(it)) => self.notification(it),
                Some(Message::Response(response)) => self.response(response),
                None if self.inbox.is_over() => return Outcome::Findings,
                None => self.check_guarded(),
            }
        }
    }

    /// Checks a document. A fault of ours must not take the editor's other documents with it.
    fn check_guarded(&mut self) {
        let first = self.dirty.first().cloned();
        if catch_unwind(AssertUnwindSafe(|| self.check_one())).is_err()
            && let Some(uri) = first
        {
            self.dirty.remove(&uri);
            self.warn(&format!("a fault of otel-lint itself: {uri} is not checked"));
        }
    }

    fn request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        let response = if self.is_shut_down {
            Response::new_err(id, ErrorCode::InvalidRequest as i32, "shut down".to_owned())
        } else if self.inbox.is_cancelled(&id) {
            Response::new_err(id, ErrorCode::RequestCanceled as i32, "cancelled".to_owned())
        } else if method == "shutdown" {
            self.is_shut_down = true;
            self.dirty.clear();
            self.projects = Projects::default();
            Response::new_ok(id, Value::Null)
        } else {
            // A fault of ours must not take the editor's other documents with it.
            let answer = catch_unwind(AssertUnwindSafe(|| requests::answer(self, &method, params)));
            match answer {
                Ok(Ok(result)) => Response::new_ok(id, result),
                Ok(Err(error)) => Response { id, response_result: Err(error) },
                Err(_) => {
                    let text = format!("a fault of otel-lint itself in `{method}`");
                    Response::new_err(id, ErrorCode::InternalError as i32, text)
                }
            }
        };
        (self.send)(response.into());
    }
}
