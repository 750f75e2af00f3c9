//! Keeps the cores awake while something short is measured.
//!
//! A core of a virtual machine that fell asleep takes some hundredths of a millisecond to send or to get a packet. That is the time of
//! neither the server nor the tool, and 0.5 % of 5 ms is no more than that. Programs of the lowest priority give way at once to anything else.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};

/// As many programs that do nothing as there are cores; they end with this.
pub struct Awake(Vec<Child>);

impl Awake {
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let begun: Result<Vec<Child>, _> = (0..cores).map(|_| begin()).collect();
        match &begun {
            Ok(_) => println!("    (the cores are kept awake)"),
            Err(error) => println!("    (the cores may fall asleep in between: chrt could not be started, {error})"),
        }
        Self(begun.unwrap_or_default())
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        for child in &mut self.0 {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

fn begin() -> std::io::Result<Child> {
    Command::new("chrt").args(["--idle", "0"]).arg(std::env::current_exe()?).arg("awake").stdin(Stdio::piped()).spawn()
}

/// Does nothing until whoever began it is gone.
pub fn stay() {
    std::thread::spawn(|| {
        drop(std::io::stdin().read(&mut [0]));
        std::process::exit(0);
    });
    loop {
        std::hint::spin_loop();
    }
}
