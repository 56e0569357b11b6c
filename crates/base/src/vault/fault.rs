//! Why a secret cannot be sealed or opened.

use kernel::text::Lang;
use kernel::{Kind, Refuse};

/// What is wrong with the vault's keys or with a sealed value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VaultFault {
    /// The key file is gone although the database holds values that were sealed with it.
    KeyMissing {
        /// Where it should be.
        path: String,
        /// Ids of the keys that the database knows.
        known: String,
    },
    /// The key file holds other keys than those of the database.
    OtherKey {
        /// The file.
        path: String,
        /// Ids of the keys that the database knows.
        known: String,
    },
    /// A line is not 64 hexadecimal digits, or there is none.
    BadKey {
        /// The file, or the name of the setting.
        path: String,
        /// Line, from 1; 0 when there is no key at all.
        line: usize,
    },
    /// The key file can be neither read nor made.
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        cause: String,
    },
    /// A value was sealed with a key that is not in the file.
    UnknownKey {
        /// Id of the key.
        id: String,
        /// Table and column.
        purpose: String,
    },
    /// A value is not one of ours, was changed, or belongs to another row.
    Damaged {
        /// Table and column.
        purpose: String,
        /// The row.
        row: String,
    },
}

impl Refuse for VaultFault {
    fn code(&self) -> &'static str {
        match self {
            VaultFault::KeyMissing { .. } => "vault.key_missing",
            VaultFault::OtherKey { .. } => "vault.other_key",
            VaultFault::BadKey { .. } => "vault.bad_key",
            VaultFault::Unreadable { .. } => "vault.unreadable",
            VaultFault::UnknownKey { .. } => "vault.unknown_key",
            VaultFault::Damaged { .. } => "vault.damaged",
        }
    }
    fn kind(&self) -> Kind {
        Kind::Unavailable
    }
    fn field(&self) -> Option<&str> {
        Some(match self {
            VaultFault::UnknownKey { purpose, .. } | VaultFault::Damaged { purpose, .. } => purpose,
            _ => "vault.key_file",
        })
    }
    fn value(&self) -> Option<String> {
        Some(match self {
            VaultFault::KeyMissing { path, .. }
            | VaultFault::OtherKey { path, .. }
            | VaultFault::Unreadable { path, .. } => path.clone(),
            VaultFault::BadKey { path, line } => format!("{path}:{line}"),
            VaultFault::UnknownKey { id, .. } => id.clone(),
            VaultFault::Damaged { row, .. } => row.clone(),
        })
    }
    fn reason(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            VaultFault::KeyMissing { known, .. } => (
                format!("保密密钥文件不见了，而数据库中有用它（{known}）加密的内容"),
                format!(
                    "The vault key file is missing, and the database holds values sealed with it ({known})"
                ),
            ),
            VaultFault::OtherKey { known, .. } => (
                format!("保密密钥与数据库所用的（{known}）不是同一把"),
                format!("The vault keys are not those of this database ({known})"),
            ),
            VaultFault::BadKey { .. } => (
                "保密密钥应为每行64位十六进制数字，至少一行".to_owned(),
                "The vault key must be lines of 64 hexadecimal digits, at least one".to_owned(),
            ),
            VaultFault::Unreadable { cause, .. } => (
                format!("保密密钥文件无法读取或建立：{cause}"),
                format!("The vault key file can be neither read nor made: {cause}"),
            ),
            VaultFault::UnknownKey { .. } => (
                "这项内容所用的密钥已不在密钥文件中".to_owned(),
                "This value was sealed with a key that is not in the key file".to_owned(),
            ),
            VaultFault::Damaged { .. } => (
                "这项加密内容已损坏、被改动，或来自别的记录".to_owned(),
                "This sealed value is damaged, was changed, or belongs to another row".to_owned(),
            ),
        };
        lang.pick(&zh, &en).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        match self {
            VaultFault::KeyMissing { .. } | VaultFault::OtherKey { .. } | VaultFault::UnknownKey { .. } => {
                lang.pick("请把备份的密钥文件放回原处", "Put the copy of the key file back into its place")
            }
            VaultFault::BadKey { .. } => lang.pick(
                "请从备份恢复密钥文件，不要手工改写",
                "Restore the key file from its copy; do not edit it by hand",
            ),
            VaultFault::Unreadable { .. } => {
                lang.pick("请检查文件夹是否存在、是否可写", "See that the folder exists and can be written")
            }
            VaultFault::Damaged { .. } => lang.pick(
                "请运行guandu verify，并从备份恢复这条记录",
                "Run guandu verify and restore this row from a copy",
            ),
        }
        .to_owned()
    }
}
crate::refusals!(VaultFault);
