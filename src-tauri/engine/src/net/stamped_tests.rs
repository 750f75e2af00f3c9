//! Stamps: what cannot be is not believed, and a reader that wakes late does not make the server late.

use super::{Moment, Stamped, received};
use std::time::{Duration, Instant, SystemTime};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const MS: Duration = Duration::from_millis(1);

#[test]
fn a_stamp_counts_only_where_it_can_be_true() {
    let sent = Moment { day: SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000), mono: Instant::now() };
    let after = |time: Duration| Moment { day: sent.day + time, mono: sent.mono + time };
    assert_eq!(received(sent.day + 5 * MS, sent, after(6 * MS)), Some(sent.mono + 5 * MS));
    // Before the request, after the read.
    assert_eq!(received(sent.day - MS, sent, after(6 * MS)), None);
    assert_eq!(received(sent.day + 7 * MS, sent, after(6 * MS)), None);
    // The clock of the day was set forward, and back, by a millisecond meanwhile.
    let set = |day: SystemTime| received(day - MS, sent, Moment { day, mono: sent.mono + 6 * MS });
    assert_eq!(set(sent.day + 7 * MS), None);
    assert_eq!(set(sent.day + 5 * MS), None);
    assert!(set(sent.day + 6 * MS).is_some());
}

#[tokio::test]
async fn bytes_that_are_read_late_came_when_they_came() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (mut server, _) = listener.accept().await.unwrap();
    let mut stream = Stamped::over(stream);
    let stamps = stream.stamps();
    assert!(stamps.left().is_none() && stamps.came().is_none());

    // The kernel begins to stamp a little after it was asked to, and a stamp is not believed when this thread was held up between two
    // looks at the clocks: the first tries may be told by the read alone.
    let late = Duration::from_millis(20);
    let tries = std::iter::repeat_n((late, 4), 50).chain([(Duration::ZERO, 300_000)]);
    let mut told_by_kernel = 0;
    for (late, large) in tries {
        if told_by_kernel >= 3 && !late.is_zero() {
            continue;
        }
        stamps.begin();
        let before = Instant::now();
        stream.write_all(b"ask").await.unwrap();
        let mut asked = [0; 3];
        server.read_exact(&mut asked).await.unwrap();
        let answer = vec![b'a'; large];
        let (mut got, writing) = (vec![0; large], server.write_all(&answer));
        let read = async {
            // The process is held up, as by a busy machine.
            std::thread::sleep(late);
            stream.read_exact(&mut got).await.unwrap();
        };
        let (written, ()) = tokio::join!(writing, read);
        written.unwrap();
        assert_eq!(got, answer);
        let (left, came, after) = (stamps.left().unwrap(), stamps.came().unwrap(), Instant::now());
        assert!(before <= left && left <= came && came <= after);
        told_by_kernel += u32::from(!late.is_zero() && after - came >= late);
    }
    assert!(
        told_by_kernel >= 3 || cfg!(not(target_os = "linux")),
        "{told_by_kernel} of 50 answers were told by the kernel"
    );
    drop(server);
    assert_eq!(stream.read(&mut [0; 8]).await.unwrap(), 0);
}
