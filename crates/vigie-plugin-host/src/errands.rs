//! Questions of one child on their way to the broker and back, off the loop that watches the child.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use rustix::event::{EventfdFlags, eventfd};
use vigie_plugin::Code;

use crate::broker::{Broker, Errand, Refusal};
use crate::exchange::{Answer, Question};
use crate::sink::Level;

/// What the broker's thread has to tell.
pub(crate) enum News {
    /// A line for the log.
    Said(Level, String),
    /// The answer to the question.
    Answered(Answer),
}

/// One broker, one thread, one question at a time.
pub(crate) struct Errands {
    broker: Option<Arc<dyn Broker>>,
    ask: Option<Sender<Question>>,
    news: Receiver<News>,
    tell: Sender<News>,
    bell: Arc<OwnedFd>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    waiting: bool,
}

impl Errands {
    pub(crate) fn new(broker: Option<Arc<dyn Broker>>) -> std::io::Result<Self> {
        let (tell, news) = channel();
        Ok(Self {
            broker,
            ask: None,
            news,
            tell,
            bell: Arc::new(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?),
            stop: Arc::new(AtomicBool::new(false)),
            thread: None,
            waiting: false,
        })
    }

    /// Readable when there is news.
    pub(crate) fn bell(&self) -> BorrowedFd<'_> {
        self.bell.as_fd()
    }

    /// True while the child waits for an answer.
    pub(crate) fn waiting(&self) -> bool {
        self.waiting
    }

    /// Sends a question on its way. False when the child has not waited for its last answer.
    pub(crate) fn ask(&mut self, question: Question) -> bool {
        if std::mem::replace(&mut self.waiting, true) {
            return false;
        }
        if self.thread.is_none()
            && let Some(broker) = self.broker.clone()
        {
            self.start(broker);
        }
        if self.ask.as_ref().is_none_or(|ask| ask.send(question).is_err()) {
            // The receiver lives as long as this does.
            let _ = self.tell.send(News::Answered(nobody()));
            ring(&self.bell);
        }
        true
    }

    fn start(&mut self, broker: Arc<dyn Broker>) {
        let (ask, questions) = channel::<Question>();
        let (tell, bell, stop) = (self.tell.clone(), Arc::clone(&self.bell), Arc::clone(&self.stop));
        let work = move || {
            let say = |level: Level, text: &str| {
                // Nobody listens any more when the child is gone; then there is nobody to tell.
                let _ = tell.send(News::Said(level, text.to_owned()));
                ring(&bell);
            };
            for question in questions {
                let answer = answer(broker.as_ref(), question, Errand::new(&stop, &say));
                let _ = tell.send(News::Answered(answer));
                ring(&bell);
            }
        };
        self.thread = std::thread::Builder::new().name("vigie-broker".into()).spawn(work).ok();
        self.ask = self.thread.as_ref().map(|_| ask);
    }

    /// The next piece of news. An answer ends the waiting.
    pub(crate) fn next(&mut self) -> Option<News> {
        // Emptied before the queue is looked at, so that what comes later rings again.
        let _ = rustix::io::read(&*self.bell, &mut [0; 8]);
        let news = self.news.try_recv().ok()?;
        self.waiting &= !matches!(news, News::Answered(_));
        Some(news)
    }

    /// Asks the broker to give up what it is doing.
    pub(crate) fn cancel(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// What a plugin is told that nobody serves.
pub(crate) fn nobody() -> Answer {
    let refusal = Refusal::new(
        Code::Unsupported,
        "this host offers no network and no secrets here",
        "cet hôte n'offre ici ni réseau ni secrets",
    );
    Answer::Refused(refusal.into())
}

fn ring(bell: &OwnedFd) {
    // Fails only when the counter is full, and then the bell rings anyway.
    let _ = rustix::io::write(bell, &1_u64.to_ne_bytes());
}

pub(crate) fn answer(broker: &dyn Broker, question: Question, errand: Errand<'_>) -> Answer {
    let done = |result: Result<(), Refusal>| result.map(|()| Answer::Done);
    let result = match question {
        Question::Http(request) => broker.send(&request, errand).map(Answer::Http),
        Question::Throttle { bucket, cost } => done(broker.throttle(&bucket, cost, errand)),
        Question::Secret(name) => broker.secret(&name).map(Answer::Secret),
        Question::KeepSecret { name, value } => done(broker.keep_secret(&name, &value)),
    };
    result.unwrap_or_else(|refusal| Answer::Refused(refusal.into()))
}

impl Drop for Errands {
    fn drop(&mut self) {
        self.cancel();
        self.ask = None;
        if let Some(thread) = self.thread.take() {
            // A broker gives up soon after it is told to; a panic in it was an answer that never came.
            let _ = thread.join();
        }
    }
}
