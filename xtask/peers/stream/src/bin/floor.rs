//! The least that a server has to do that writes each event by itself: one `send` per event and socket.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

type Listeners = Arc<Mutex<Vec<TcpStream>>>;

fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind(format!("127.0.0.1:{port}"))?;
    let listeners = Listeners::default();
    for stream in listener.incoming() {
        let (stream, listeners) = (stream?, listeners.clone());
        std::thread::spawn(move || greet(stream, &listeners));
    }
    Ok(())
}

fn greet(stream: TcpStream, listeners: &Listeners) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    if first.starts_with("GET") {
        read_head(&mut reader)?;
        (&stream).write_all(HEAD)?;
        listeners.lock().expect("nobody panicked").push(stream);
        return Ok(());
    }
    publish(stream, reader, listeners)
}

/// Answers the length of the body.
fn read_head(reader: &mut BufReader<TcpStream>) -> std::io::Result<usize> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            return Ok(length);
        }
        if let Some(text) = line.to_lowercase().strip_prefix("content-length:") {
            length = text.trim().parse().unwrap_or_default();
        }
    }
}

fn publish(stream: TcpStream, mut reader: BufReader<TcpStream>, listeners: &Listeners) -> std::io::Result<()> {
    let mut seq = 0;
    loop {
        let mut body = vec![0; read_head(&mut reader)?];
        reader.read_exact(&mut body)?;
        for payload in String::from_utf8_lossy(&body).lines() {
            seq += 1;
            let frame = format!("id: 1-{seq}\nevent: completion.delta\ndata: {payload}\n\n");
            let chunk = format!("{:x}\r\n{frame}\r\n", frame.len());
            // Whoever left is no longer written to.
            listeners.lock().expect("nobody panicked").retain(|mut stream| stream.write_all(chunk.as_bytes()).is_ok());
        }
        (&stream).write_all(b"HTTP/1.1 204 No Content\r\n\r\n")?;
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
    }
}
