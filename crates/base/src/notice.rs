//! Notices in the program: one line for one post about one thing at one stage, never twice (D§15.26).

use crate::fault::Outcome;
use crate::op::Op;
use kernel::{DistrictCode, Instant, Words};

/// A notice about to be given.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    /// The post that it is for.
    pub post: &'a str,
    /// The thing that it is about.
    pub subject: &'a str,
    /// The stage of the thing, such as `assigned:2` or `rung:1:3`: the second notice of a stage is dropped.
    pub stage: &'a str,
    /// What it says.
    pub words: &'a Words,
    /// Where it leads.
    pub link: &'a str,
}

impl Op<'_, '_> {
    /// Gives a notice in this transaction; true when it is the first of its stage.
    pub fn notify(&mut self, notice: &Notice<'_>) -> Outcome<bool> {
        let sql = "insert into notice (district, post, id, subject, stage, zh, en, link, at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (district, post, subject, stage) do nothing";
        let args = [
            self.district().into(),
            notice.post.into(),
            self.id().to_string().into(),
            notice.subject.into(),
            notice.stage.into(),
            (&notice.words.zh).into(),
            (&notice.words.en).into(),
            notice.link.into(),
            self.now().into(),
        ];
        Ok(self.tx.exec(sql, &args)? == 1)
    }
}

/// A notice as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Id, for marking it read.
    pub id: String,
    /// What it says.
    pub words: Words,
    /// Where it leads.
    pub link: String,
    /// When.
    pub at: Instant,
    /// When it was read.
    pub read_at: Option<Instant>,
}

/// The newest notices of a post.
pub fn newest(tx: &mut crate::Tx<'_>, district: DistrictCode, post: &str, limit: u32) -> Outcome<Vec<Given>> {
    let sql = "select id, zh, en, link, at, read_at from notice where district = $1 and post = $2 order by id desc limit $3";
    tx.query(sql, &[district.into(), post.into(), limit.into()], |row| {
        Ok(Given {
            id: row.text(0)?,
            words: Words::new(row.text(1)?, row.text(2)?),
            link: row.text(3)?,
            at: row.instant(4)?,
            read_at: row.instant_opt(5)?,
        })
    })
}

/// Marks everything that a post has been shown as read.
pub fn read_all(tx: &mut crate::Tx<'_>, district: DistrictCode, post: &str, now: Instant) -> Outcome<u64> {
    let sql = "update notice set read_at = $1 where district = $2 and post = $3 and read_at is null";
    tx.exec(sql, &[now.into(), district.into(), post.into()])
}
