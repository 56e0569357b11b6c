//! A loopback client that keeps one connection and one request in flight: small enough not to be what is measured.

use base::{Fault, Outcome};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection.
pub(super) struct Client {
    stream: TcpStream,
    token: String,
    buffer: Vec<u8>,
}

/// An answer.
pub(super) struct Answer {
    /// HTTP status.
    pub(super) status: u16,
    /// Body.
    pub(super) body: Vec<u8>,
}

impl Client {
    /// Connects; requests carry the bearer token.
    pub(super) async fn connect(address: SocketAddr, token: &str) -> Outcome<Client> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Client { stream, token: token.to_owned(), buffer: Vec::with_capacity(64 * 1024) })
    }
    /// Sends JSON.
    pub(super) async fn post(&mut self, path: &str, body: &str) -> Outcome<Answer> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: b\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        );
        self.send(&head).await
    }
    /// Reads a page or JSON.
    pub(super) async fn get(&mut self, path: &str) -> Outcome<Answer> {
        let head = format!("GET {path} HTTP/1.1\r\nhost: b\r\nauthorization: Bearer {}\r\n\r\n", self.token);
        self.send(&head).await
    }
    /// Reads a page as a browser with a cookie would.
    pub(super) async fn page(&mut self, path: &str) -> Outcome<Answer> {
        let head = format!("GET {path} HTTP/1.1\r\nhost: b\r\ncookie: gd_session={}\r\n\r\n", self.token);
        self.send(&head).await
    }

    async fn send(&mut self, text: &str) -> Outcome<Answer> {
        self.stream.write_all(text.as_bytes()).await?;
        self.buffer.clear();
        let (head, length) = loop {
            self.fill().await?;
            let end = self.buffer.windows(4).position(|w| w == b"\r\n\r\n");
            if let Some(end) = end {
                break (end + 4, self.length(end)?);
            }
        };
        let status = std::str::from_utf8(self.buffer.get(9..12).unwrap_or_default())
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| Fault::broken("the answer has no status"))?;
        while self.buffer.len() < head + length {
            self.fill().await?;
        }
        Ok(Answer { status, body: self.buffer.get(head..head + length).unwrap_or_default().to_vec() })
    }

    fn length(&self, end: usize) -> Outcome<usize> {
        let head = String::from_utf8_lossy(self.buffer.get(..end).unwrap_or_default()).to_ascii_lowercase();
        let line = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        line.and_then(|n| n.trim().parse().ok()).ok_or_else(|| Fault::broken("the answer has no length"))
    }

    async fn fill(&mut self) -> Outcome<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(Fault::broken("the server closed the connection")),
            _ => Ok(()),
        }
    }
}
