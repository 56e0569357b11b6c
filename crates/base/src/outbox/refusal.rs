//! Why a message or a receiver is not taken.

use kernel::refusal::clip;
use kernel::text::Lang;
use kernel::{Kind, Refuse};

/// A message or receiver that is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboxRefusal {
    /// The body is too large to be sent.
    TooLarge {
        /// Bytes.
        size: usize,
    },
    /// Not an address that a webhook can go to.
    BadUrl {
        /// As given.
        url: String,
    },
    /// Plain http outside a test.
    NotHttps {
        /// As given.
        url: String,
    },
    /// The receiver lies in a private, local or reserved network.
    PrivateAddress {
        /// As given.
        url: String,
    },
    /// Nothing is sent to a receiver that is switched off.
    SwitchedOff {
        /// The receiver.
        url: String,
    },
    /// The district has as many receivers as it may have.
    TooMany {
        /// The one that was to be added.
        url: String,
    },
    /// Not an event kind or a pattern of kinds.
    BadKind {
        /// As given.
        kind: String,
    },
}

impl Refuse for OutboxRefusal {
    fn code(&self) -> &'static str {
        match self {
            OutboxRefusal::TooLarge { .. } => "outbox.too_large",
            OutboxRefusal::BadUrl { .. } => "webhook.bad_url",
            OutboxRefusal::NotHttps { .. } => "webhook.not_https",
            OutboxRefusal::PrivateAddress { .. } => "webhook.private_address",
            OutboxRefusal::BadKind { .. } => "webhook.bad_kind",
            OutboxRefusal::SwitchedOff { .. } => "webhook.switched_off",
            OutboxRefusal::TooMany { .. } => "webhook.too_many",
        }
    }
    fn kind(&self) -> Kind {
        match self {
            OutboxRefusal::TooLarge { .. } => Kind::TooLarge,
            OutboxRefusal::SwitchedOff { .. } => Kind::Conflict,
            OutboxRefusal::PrivateAddress { .. } | OutboxRefusal::TooMany { .. } => Kind::Rule,
            OutboxRefusal::BadUrl { .. } | OutboxRefusal::NotHttps { .. } | OutboxRefusal::BadKind { .. } => {
                Kind::Invalid
            }
        }
    }
    fn field(&self) -> Option<&str> {
        Some(match self {
            OutboxRefusal::TooLarge { .. } => "body",
            OutboxRefusal::BadKind { .. } => "kinds",
            _ => "url",
        })
    }
    fn value(&self) -> Option<String> {
        Some(match self {
            OutboxRefusal::TooLarge { size } => size.to_string(),
            OutboxRefusal::BadUrl { url }
            | OutboxRefusal::NotHttps { url }
            | OutboxRefusal::SwitchedOff { url }
            | OutboxRefusal::TooMany { url }
            | OutboxRefusal::PrivateAddress { url } => clip(url),
            OutboxRefusal::BadKind { kind } => clip(kind),
        })
    }
    fn reason(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            OutboxRefusal::TooLarge { .. } => ("消息内容过大", "The message is too large"),
            OutboxRefusal::BadUrl { .. } => ("不是可用的接收地址", "This is not an address that can receive"),
            OutboxRefusal::NotHttps { .. } => {
                ("接收地址没有加密（应为https）", "The address is not encrypted (https)")
            }
            OutboxRefusal::PrivateAddress { .. } => {
                ("接收地址位于内部或保留网络", "The address lies in a private or reserved network")
            }
            OutboxRefusal::BadKind { .. } => ("不是事件类型", "This is not a kind of event"),
            OutboxRefusal::SwitchedOff { .. } => ("该接收方已停用", "The receiver is switched off"),
            OutboxRefusal::TooMany { .. } => {
                ("接收方数量已达上限（20个）", "There are as many receivers as there may be (20)")
            }
        };
        lang.pick(zh, en).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            OutboxRefusal::TooLarge { .. } => {
                ("请只发送编号，由接收方再查询详情", "Send ids and let the receiver ask for the rest")
            }
            OutboxRefusal::BadUrl { .. } | OutboxRefusal::NotHttps { .. } => (
                "请填写https地址，不含用户名和密码，如https://example.org/hook",
                "Give an https address without user name, such as https://example.org/hook",
            ),
            OutboxRefusal::PrivateAddress { .. } => (
                "请填写公网地址；确需内网接收时，请管理员开启webhooks.allow_private",
                "Give a public address, or ask the administrator for webhooks.allow_private",
            ),
            OutboxRefusal::SwitchedOff { .. } => ("请先启用再试", "Switch it on first"),
            OutboxRefusal::TooMany { .. } => {
                ("请先删除不再使用的接收方", "Remove one that is no longer used")
            }
            OutboxRefusal::BadKind { .. } => {
                ("请填写如duty.assigned、duty.*或*", "Write duty.assigned, duty.* or *")
            }
        };
        lang.pick(zh, en).to_owned()
    }
}
crate::refusals!(OutboxRefusal);
