//! A loopback client that keeps one connection and one request in flight: small enough not to be what is measured.
//! Requests are put together in a buffer that is kept, answers are read where they arrived.

use base::{Fault, Outcome};
use std::io::Write;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection.
pub(super) struct Client {
    stream: TcpStream,
    token: String,
    request: Vec<u8>,
    buffer: Vec<u8>,
}

/// An answer, as it lies in the client's buffer.
pub(super) struct Answer<'c> {
    /// HTTP status.
    pub(super) status: u16,
    /// Body.
    pub(super) body: &'c [u8],
}

impl Client {
    /// Connects; requests carry the bearer token.
    pub(super) async fn connect(address: SocketAddr, token: &str) -> Outcome<Client> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (request, buffer) = (Vec::with_capacity(4096), Vec::with_capacity(64 * 1024));
        Ok(Client { stream, token: token.to_owned(), request, buffer })
    }
    /// Sends JSON.
    pub(super) async fn post(&mut self, path: &str, body: &str) -> Outcome<Answer<'_>> {
        let Client { request, token, .. } = self;
        request.clear();
        write!(
            request,
            "POST {path} HTTP/1.1\r\nhost: b\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        self.send().await
    }
    /// Reads a page or JSON.
    pub(super) async fn get(&mut self, path: &str) -> Outcome<Answer<'_>> {
        let Client { request, token, .. } = self;
        request.clear();
        write!(request, "GET {path} HTTP/1.1\r\nhost: b\r\nauthorization: Bearer {token}\r\n\r\n")?;
        self.send().await
    }
    /// Reads a page as a browser with a cookie would.
    pub(super) async fn page(&mut self, path: &str) -> Outcome<Answer<'_>> {
        let Client { request, token, .. } = self;
        request.clear();
        write!(request, "GET {path} HTTP/1.1\r\nhost: b\r\ncookie: gd_session={token}\r\n\r\n")?;
        self.send().await
    }

    async fn send(&mut self) -> Outcome<Answer<'_>> {
        self.stream.write_all(&self.request).await?;
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
        Ok(Answer { status, body: self.buffer.get(head..head + length).unwrap_or_default() })
    }

    fn length(&self, end: usize) -> Outcome<usize> {
        let head = self.buffer.get(..end).unwrap_or_default();
        let line = head.split(|b| *b == b'\n').find_map(|line| {
            let (name, value) = line.split_at_checked(15)?;
            name.eq_ignore_ascii_case(b"content-length:").then_some(value)
        });
        line.and_then(|value| std::str::from_utf8(value).ok())
            .and_then(|n| n.trim().parse().ok())
            .ok_or_else(|| Fault::broken("the answer has no length"))
    }

    async fn fill(&mut self) -> Outcome<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(Fault::broken("the server closed the connection")),
            _ => Ok(()),
        }
    }
}
