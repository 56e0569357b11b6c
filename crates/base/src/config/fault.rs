//! What can be wrong with a configuration, in words that say how to put it right.

use kernel::refusal::clip;
use kernel::text::Lang;
use kernel::{Kind, Refuse};

/// One fault of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigFault {
    /// The file cannot be read.
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        cause: String,
    },
    /// The file is not TOML.
    Syntax {
        /// The file.
        path: String,
        /// The parser's text, with line and column.
        text: String,
    },
    /// A key that does not exist.
    UnknownKey {
        /// The key, such as `server.lisen`.
        key: String,
        /// The nearest key that does exist.
        nearest: Option<String>,
    },
    /// A value of the wrong type.
    WrongType {
        /// The key.
        key: String,
        /// What was given.
        given: String,
        /// What is needed, in both languages.
        needs: (&'static str, &'static str),
    },
    /// A value that is of the right type and still makes no sense.
    BadValue {
        /// The key.
        key: &'static str,
        /// What was given; empty for a secret.
        given: String,
        /// What is needed, in both languages.
        needs: (&'static str, &'static str),
    },
    /// Both the secret and the file of the secret are given.
    TwoSecrets {
        /// The key.
        key: String,
    },
    /// The file of a secret cannot be read or is empty.
    SecretFile {
        /// The key.
        key: String,
        /// The file.
        path: String,
        /// What the system said.
        cause: String,
    },
}

impl Refuse for ConfigFault {
    fn code(&self) -> &'static str {
        match self {
            ConfigFault::Unreadable { .. } => "config.unreadable",
            ConfigFault::Syntax { .. } => "config.syntax",
            ConfigFault::UnknownKey { .. } => "config.unknown_key",
            ConfigFault::WrongType { .. } => "config.wrong_type",
            ConfigFault::BadValue { .. } => "config.bad_value",
            ConfigFault::TwoSecrets { .. } => "config.two_secrets",
            ConfigFault::SecretFile { .. } => "config.secret_file",
        }
    }
    fn kind(&self) -> Kind {
        Kind::Invalid
    }
    fn field(&self) -> Option<&str> {
        match self {
            ConfigFault::Unreadable { path, .. } | ConfigFault::Syntax { path, .. } => Some(path),
            ConfigFault::UnknownKey { key, .. }
            | ConfigFault::WrongType { key, .. }
            | ConfigFault::TwoSecrets { key }
            | ConfigFault::SecretFile { key, .. } => Some(key),
            ConfigFault::BadValue { key, .. } => Some(key),
        }
    }
    fn value(&self) -> Option<String> {
        match self {
            ConfigFault::WrongType { given, .. } | ConfigFault::BadValue { given, .. } => Some(clip(given)),
            _ => None,
        }
    }
    fn reason(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            ConfigFault::Unreadable { path, cause } => {
                (format!("无法读取配置文件{path}：{cause}"), format!("Cannot read {path}: {cause}"))
            }
            ConfigFault::Syntax { path, text } => {
                (format!("{path}不是有效的TOML：{text}"), format!("{path} is not valid TOML: {text}"))
            }
            ConfigFault::UnknownKey { key, .. } => {
                (format!("没有“{key}”这个配置项"), format!("There is no setting `{key}`"))
            }
            ConfigFault::WrongType { key, given, .. } => {
                let given = clip(given);
                (
                    format!("{key}的值“{given}”类型不对"),
                    format!("`{key}` has a value of the wrong type: {given}"),
                )
            }
            ConfigFault::BadValue { key, given, .. } => {
                let given = clip(given);
                (format!("{key}的值“{given}”不可用"), format!("`{key}` cannot be `{given}`"))
            }
            ConfigFault::TwoSecrets { key } => {
                (format!("{key}与{key}_file同时设置"), format!("Both `{key}` and `{key}_file` are set"))
            }
            ConfigFault::SecretFile { key, path, cause } => (
                format!("{key}指向的文件{path}不可用：{cause}"),
                format!("The file {path} of `{key}` is unusable: {cause}"),
            ),
        };
        lang.pick(&zh, &en).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            ConfigFault::Unreadable { .. } | ConfigFault::SecretFile { .. } => {
                ("请检查路径和读取权限".to_owned(), "Check the path and the right to read it".to_owned())
            }
            ConfigFault::Syntax { .. } => ("请改正所示的行".to_owned(), "Correct the line shown".to_owned()),
            ConfigFault::UnknownKey { nearest: Some(near), .. } => {
                (format!("是否应为“{near}”"), format!("Did you mean `{near}`?"))
            }
            ConfigFault::UnknownKey { nearest: None, .. } => (
                "全部配置项见 guandu config dump".to_owned(),
                "`guandu config dump` prints every setting".to_owned(),
            ),
            ConfigFault::WrongType { needs: (zh, en), .. }
            | ConfigFault::BadValue { needs: (zh, en), .. } => (format!("应为{zh}"), format!("Give {en}")),
            ConfigFault::TwoSecrets { .. } => ("请只保留其中一项".to_owned(), "Keep one of them".to_owned()),
        };
        lang.pick(&zh, &en).to_owned()
    }
}
