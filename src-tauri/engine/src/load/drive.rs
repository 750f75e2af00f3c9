//! The users: they come as the model says, each on a connection of its own, all on one thread.

use super::Load;
use super::record::{Record, Tick, Times};
use super::request::{Answer, Miss, Route};
use crate::EngineError;
use crate::net::Net;
use crate::net::http::Connection;
use crate::plan::Limits;
use audit::Why;
use audit::facts::{LoadEnd, Loaded, Model};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::net::IpAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval_at, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

/// Between two reports of how it goes: more than ten a second, so that one that comes late leaves no gap that somebody sees.
const TICK: Duration = Duration::from_millis(65);

/// How late the last requests of a fixed rate may begin.
const LATEST: Duration = Duration::from_secs(1);

/// Everything a measurement needs.
pub(super) struct Drive {
    pub(super) load: Load,
    pub(super) net: Net,
    pub(super) addresses: Vec<IpAddr>,
    /// How long it took to look the name up.
    pub(super) named: Option<Duration>,
    pub(super) limits: Limits,
    /// Requests a second at most. A fixed rate was held against it before it began; what our own process held up comes no faster either, and
    /// what slow answers held up is sent late but never more than was due by then.
    pub(super) most: Option<f64>,
}

struct Field {
    drive: Drive,
    route: Route,
    begun: Instant,
    record: RefCell<Record>,
    /// Requests that are due; where the ones before them hold them up, since when.
    queue: RefCell<VecDeque<Option<Instant>>>,
    wake: Notify,
    /// Users that wait for something to do.
    idle: Cell<usize>,
    closed: Cell<bool>,
    left: Cell<u64>,
    gate: Cell<Instant>,
    end: RefCell<Option<LoadEnd>>,
    over: CancellationToken,
}

impl Drive {
    /// Measures until the time is over, somebody stops it, or the rule does.
    pub(super) async fn run(
        self,
        cancel: CancellationToken,
        on: mpsc::UnboundedSender<Tick>,
    ) -> Result<Loaded, EngineError> {
        let begun = Instant::now();
        let load = self.load.clone();
        let mut record = Record::new(load.duration, load.stop)?;
        if let Some(took) = self.named {
            record.named(took);
        }
        let field = Rc::new(Field {
            route: Route::new(&load.method, &load.url, &load.headers, &load.body, load.expect.clone())
                .map_err(|trouble| EngineError::new("load", trouble.says))?,
            begun,
            record: RefCell::new(record),
            queue: RefCell::default(),
            wake: Notify::new(),
            idle: Cell::new(0),
            closed: Cell::new(false),
            left: Cell::new(load.requests.unwrap_or(u64::MAX)),
            gate: Cell::new(begun),
            end: RefCell::default(),
            over: CancellationToken::new(),
            drive: self,
        });
        // Dropping the set ends every user, and with it every request.
        let mut users = JoinSet::new();
        let work = async {
            match load.model {
                Model::Users { users: count, think_ms } => field.crowd(&mut users, count, think_ms),
                Model::Rate { per_second, users: most } => field.stream(&mut users, per_second, most).await,
            }
            while users.join_next().await.is_some() {}
        };
        let end = tokio::select! {
            biased;
            () = cancel.cancelled() => LoadEnd::Cancelled,
            () = field.over.cancelled() => field.end.take().unwrap_or(LoadEnd::Whole),
            () = field.report(&on) => LoadEnd::Whole,
            () = work => LoadEnd::Whole,
        };
        drop(users);
        let took = begun.elapsed();
        let mut record = field.record.replace(Record::new(load.duration, load.stop)?);
        drop(on.send(record.tick(took)));
        Ok(record.sum_up(&load, took, end))
    }
}

impl Field {
    async fn report(&self, on: &mpsc::UnboundedSender<Tick>) {
        let mut ticks = interval_at((Instant::now() + TICK).into(), TICK);
        // Reports that a busy machine held up are not told all at once.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            ticks.tick().await;
            // Nobody listening is no reason to stop: the whole is handed back at the end.
            drop(on.send(self.record.borrow_mut().tick(self.begun.elapsed())));
        }
    }

    /// Closed model: each user asks again after the answer and a pause.
    fn crowd(self: &Rc<Self>, users: &mut JoinSet<()>, count: u32, think_ms: u32) {
        let think = Duration::from_millis(think_ms.into());
        for user in 0..count {
            let field = self.clone();
            users.spawn_local(async move {
                sleep(field.drive.load.ramp * user / count).await;
                let mut kept = None;
                while field.take() {
                    field.pass().await;
                    if field.begun.elapsed() >= field.drive.load.duration {
                        break;
                    }
                    kept = field.serve(kept, None).await;
                    if !think.is_zero() {
                        sleep(think).await;
                    }
                }
            });
        }
    }

    /// Open model: requests come when they are due, and users are there for them as long as there may be more.
    async fn stream(self: &Rc<Self>, users: &mut JoinSet<()>, per_second: f64, most: u32) {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        for number in 0u64.. {
            let at = arrival(number, per_second, self.drive.load.ramp);
            if at >= self.drive.load.duration || !self.take() {
                break;
            }
            let due = self.begun + at;
            if due > Instant::now() {
                sleep_until(due.into()).await;
            }
            // A machine that slept does not make up for it.
            if self.begun.elapsed() > self.drive.load.duration + LATEST {
                break;
            }
            self.pass().await;
            let free = self.idle.get() > self.queue.borrow().len();
            let room = users.len() < most;
            if !free && room {
                let field = self.clone();
                users.spawn_local(async move { field.work().await });
            }
            // Only what earlier requests hold up waits for them; that our own clock wakes late is no wait of a user.
            let since = if free || room { None } else { Some(due) };
            if since.is_none() {
                self.record.borrow_mut().late(due.elapsed());
            }
            self.queue.borrow_mut().push_back(since);
            self.wake.notify_one();
        }
        self.closed.set(true);
        self.wake.notify_waiters();
    }

    /// One user of the open model.
    async fn work(&self) {
        let mut kept = None;
        loop {
            let due = self.queue.borrow_mut().pop_front();
            match due {
                Some(since) => kept = self.serve(kept, since).await,
                None if self.closed.get() => return,
                None => {
                    self.idle.set(self.idle.get() + 1);
                    self.wake.notified().await;
                    self.idle.set(self.idle.get() - 1);
                }
            }
        }
    }

    /// Whether there is a request left to send.
    fn take(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0
    }

    /// Waits for a turn under the highest rate that was agreed to.
    async fn pass(&self) {
        if let Some(most) = self.drive.most {
            let turn = self.gate.get().max(Instant::now());
            self.gate.set(turn + Duration::from_secs_f64(1.0 / most));
            sleep_until(turn.into()).await;
        }
    }

    /// Sends one request, on the kept connection where it still stands, and notes what came of it.
    async fn serve(&self, kept: Option<Connection>, since: Option<Instant>) -> Option<Connection> {
        let sent = Instant::now();
        self.record.borrow_mut().sent();
        let (answer, connection, cold) = match self.exchange(kept).await {
            Ok(done) => done,
            Err(miss) => {
                let end = self.record.borrow_mut().failure(&miss);
                return self.stop(end);
            }
        };
        // What it takes to make a connection is part of the first answer over it; what our own process takes to send is of none.
        let sent = if cold { sent } else { answer.sent };
        let service = answer.ended.saturating_duration_since(sent);
        let response = answer.ended.saturating_duration_since(since.unwrap_or(sent).min(sent));
        let times = Times { ended: answer.ended - self.begun, response, service, cold };
        let end = self.record.borrow_mut().answer(&answer, times);
        if end.is_some() {
            return self.stop(end);
        }
        Some(connection).filter(|_| answer.whole)
    }

    fn stop(&self, end: Option<LoadEnd>) -> Option<Connection> {
        if end.is_some() {
            self.end.replace(end);
            self.over.cancel();
        }
        None
    }

    /// The answer, the connection it came over, and whether that had to be made for it.
    async fn exchange(&self, kept: Option<Connection>) -> Result<(Answer, Connection, bool), Miss> {
        let within = self.drive.limits.exchange;
        if let Some(mut connection) = kept.filter(Connection::alive) {
            match self.route.ask(&mut connection, within).await {
                // The server closed the idle connection just then: that is its right, and no failure of the address.
                Err(miss) if miss.trouble.why == Why::Broken && self.route.again => {}
                answer => return Ok((answer?, connection, false)),
            }
        }
        let mut connection = self.route.open(&self.drive.net, &self.drive.addresses, within).await?;
        self.record.borrow_mut().connected(&connection);
        let answer = self.route.ask(&mut connection, within).await?;
        Ok((answer, connection, true))
    }
}

/// When the request of this number is due: the rate grows evenly during the ramp.
fn arrival(number: u64, per_second: f64, ramp: Duration) -> Duration {
    #[expect(clippy::cast_precision_loss, reason = "no measurement sends 2^52 requests")]
    let number = number as f64;
    let ramp = ramp.as_secs_f64();
    let seconds = if number < per_second * ramp / 2.0 {
        (2.0 * number * ramp / per_second).sqrt()
    } else {
        number / per_second + ramp / 2.0
    };
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::arrival;
    use std::time::Duration;

    #[test]
    fn the_rate_grows_evenly_and_then_holds() {
        let ramp = Duration::from_secs(10);
        let until = |seconds: u64| (0..).take_while(|n| arrival(*n, 20.0, ramp) < Duration::from_secs(seconds)).count();
        assert_eq!(until(10), 100);
        assert_eq!(until(11) - until(10), 20);
        assert_eq!(until(5), 25);
        assert_eq!(arrival(40, 200.0, Duration::ZERO), Duration::from_millis(200));
    }
}
