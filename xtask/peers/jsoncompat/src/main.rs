//! Asks jsoncompat whether the first schema of each pair lies within the second. One pair a line, an array of two.

use std::io::{BufRead as _, BufReader};
use std::process::ExitCode;

use jsoncompat_peer::{Answer, contained};

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: jsoncompat-peer PAIRS");
        return ExitCode::FAILURE;
    };
    match count(&path) {
        Ok([contained, refuted, undecided, failed]) => {
            println!("{contained} contained, {refuted} refuted, {undecided} undecided, {failed} failed");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{path}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn count(path: &str) -> Result<[usize; 4], Box<dyn std::error::Error>> {
    let mut counts = [0; 4];
    for line in BufReader::new(std::fs::File::open(path)?).lines() {
        let [producer, consumer]: [serde_json::Value; 2] = serde_json::from_str(&line?)?;
        let index = match contained(&producer, &consumer) {
            Answer::Contained => 0,
            Answer::Refuted(_) => 1,
            Answer::Undecided => 2,
            Answer::Failed => 3,
        };
        counts[index] += 1;
    }
    Ok(counts)
}
