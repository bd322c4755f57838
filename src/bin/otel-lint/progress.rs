//! How far a run is, on a terminal, once it takes longer than people like to wait in silence.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Time after which a run says how far it is.
const DELAY: Duration = Duration::from_secs(1);
/// Time between two updates.
const PAUSE: Duration = Duration::from_millis(200);

/// The number of files that are done, shown by a thread of its own until this is dropped.
pub struct Progress {
    done: Arc<AtomicUsize>,
    shown: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Progress over `total` files on standard error, if that is a terminal and it is `wanted`.
    pub fn new(total: usize, wanted: bool) -> Self {
        let is_shown = wanted && io::stderr().is_terminal();
        Self::on(io::stderr(), total, is_shown.then_some(DELAY))
    }

    fn on(mut out: impl Write + Send + 'static, total: usize, delay: Option<Duration>) -> Self {
        let done = Arc::new(AtomicUsize::new(0));
        let shown = delay.map(|delay| {
            let (ended, end) = mpsc::channel();
            let done = Arc::clone(&done);
            let thread = thread::spawn(move || {
                let mut pause = delay;
                let mut is_drawn = false;
                while end.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                    let done = done.load(Ordering::Relaxed);
                    // A terminal that takes nothing any more is no reason to stop checking.
                    let _ = write!(out, "\r\x1b[Kchecking: {done} of {total} files done");
                    let _ = out.flush();
                    (pause, is_drawn) = (PAUSE, true);
                }
                if is_drawn {
                    let _ = write!(out, "\r\x1b[K");
                    let _ = out.flush();
                }
            });
            (ended, thread)
        });
        Self { done, shown }
    }

    /// Counts one more file.
    pub fn advance(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    /// Takes the line away, so that what follows begins on an empty one.
    fn drop(&mut self) {
        if let Some((ended, thread)) = self.shown.take() {
            drop(ended);
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Clone, Default)]
    struct Screen(Arc<Mutex<Vec<u8>>>);

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Screen {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().expect("no panic").clone()).expect("UTF-8")
        }
    }

    #[test]
    fn a_long_run_is_counted_and_the_line_taken_away() {
        let screen = Screen::default();
        let progress = Progress::on(screen.clone(), 7, Some(Duration::from_millis(1)));
        progress.advance();
        progress.advance();
        while !screen.text().contains("2 of 7") {
            thread::sleep(Duration::from_millis(5));
        }
        drop(progress);
        assert!(screen.text().ends_with("\r\x1b[K"), "{:?}", screen.text());
    }

    #[test]
    fn a_short_run_says_nothing() {
        let screen = Screen::default();
        let progress = Progress::on(screen.clone(), 7, Some(Duration::from_secs(60)));
        progress.advance();
        drop(progress);
        assert_eq!(screen.text(), "");
    }
}
