//! Sentences of the history, in both languages, and how values are written inside sentences.

use super::event::Event;
use super::vocab::{
    Act, BlockKind, DeferralReason, DueOwner, EvidenceKind, Fact, OutcomeClass, ReopenReason, ResumeTrigger,
    Retention, ReturnReason, Solved, StateName, VerificationKind, Who,
};
use crate::clock::Limit;
use crate::id::{DutyId, FileId, PostCode, Slug, UnitCode};
use crate::text::{Body, Lang, Remark, Title, Words};
use crate::time::{Day, Instant};

/// Looks a unit's or post's name up by its code; the identity when no names are at hand.
type Names<'a> = &'a dyn Fn(&str) -> String;

/// How a value reads inside a sentence.
pub(super) trait InWords {
    fn in_words(&self, lang: Lang, names: Names<'_>) -> String;
}

macro_rules! plain {
    ($($t:ty),+) => { $(impl InWords for $t {
        fn in_words(&self, _: Lang, _: Names<'_>) -> String { self.to_string() }
    })+ };
}
macro_rules! named {
    ($($t:ty),+) => { $(impl InWords for $t {
        fn in_words(&self, _: Lang, names: Names<'_>) -> String { names(self.as_str()) }
    })+ };
}
macro_rules! listed {
    ($($t:ty),+) => { $(impl InWords for $t {
        fn in_words(&self, lang: Lang, _: Names<'_>) -> String { self.say(lang).to_owned() }
    })+ };
}
plain!(u8, u32, u64, Day, DutyId, FileId, Slug, String, Remark, Body, Title);
named!(UnitCode, PostCode);
listed!(
    Act,
    BlockKind,
    DeferralReason,
    DueOwner,
    EvidenceKind,
    Fact,
    OutcomeClass,
    ReopenReason,
    ResumeTrigger,
    Retention,
    ReturnReason,
    Solved,
    StateName,
    VerificationKind,
    Who
);
impl InWords for Instant {
    fn in_words(&self, _: Lang, _: Names<'_>) -> String {
        self.minute_text()
    }
}
impl InWords for Limit {
    fn in_words(&self, lang: Lang, _: Names<'_>) -> String {
        self.words().get(lang).to_owned()
    }
}
impl InWords for Words {
    fn in_words(&self, lang: Lang, _: Names<'_>) -> String {
        self.get(lang).to_owned()
    }
}
impl InWords for Vec<Remark> {
    fn in_words(&self, lang: Lang, _: Names<'_>) -> String {
        let points: Vec<&str> = self.iter().map(Remark::as_str).collect();
        points.join(lang.pick("；", "; "))
    }
}
impl InWords for Vec<Words> {
    fn in_words(&self, lang: Lang, _: Names<'_>) -> String {
        let points: Vec<&str> = self.iter().map(|words| words.get(lang)).collect();
        points.join(lang.pick("；", "; "))
    }
}
impl<T: InWords> InWords for Option<T> {
    fn in_words(&self, lang: Lang, names: Names<'_>) -> String {
        self.as_ref()
            .map_or_else(|| lang.pick("未定", "nobody").to_owned(), |value| value.in_words(lang, names))
    }
}

macro_rules! sentences {
    ($event:expr, $lang:expr, $names:expr; $($p:pat => [$($f:ident),*] $zh:literal, $en:literal;)+) => {
        match $event {
            $($p => {
                $(let $f = $f.in_words($lang, $names);)*
                match $lang { Lang::Zh => format!($zh), Lang::En => format!($en) }
            })+
        }
    };
}

impl Event {
    /// One sentence for the timeline, with codes for units and posts.
    pub fn say(&self, lang: Lang) -> String {
        self.say_with(lang, &str::to_owned)
    }

    /// One sentence for the timeline; `names` turns the code of a unit or post into what people read.
    pub fn say_with(&self, lang: Lang, names: &dyn Fn(&str) -> String) -> String {
        sentences! { self, lang, names;
            Event::Drafted { unit, .. } => [unit] "{unit}拟办", "Drafted by {unit}";
            Event::Redrafted { .. } => [] "修改拟办内容", "The draft was rewritten";
            Event::Registered { no, unit, .. } => [no, unit] "{unit}立项，编号{no}", "Registered by {unit} as {no}";
            Event::Assigned { lead, due: Some(due), .. } => [lead, due] "交{lead}牵头办理，{due}前完成", "Assigned to {lead} as the lead, due {due}";
            Event::Assigned { lead, .. } => [lead] "交{lead}牵头办理", "Assigned to {lead} as the lead";
            Event::Accepted { handler, .. } => [handler] "已签收，由{handler}承办", "Accepted; {handler} handles it";
            Event::Returned { reason, ground, hold: _ } => [reason, ground] "退回：{reason}。依据：{ground}", "Returned: {reason}. Ground: {ground}";
            Event::Ruled { lead, moved: true, ground, .. } => [lead, ground] "裁定改由{lead}牵头：{ground}", "Ruled: {lead} leads from here. {ground}";
            Event::Ruled { lead, ground, .. } => [lead, ground] "裁定仍由{lead}牵头：{ground}", "Ruled: {lead} keeps the lead. {ground}";
            Event::LeadOffered { to, reason } => [to, reason] "商请{to}牵头：{reason}", "{to} was asked to take the lead: {reason}";
            Event::LeadTaken { lead, handler, .. } => [lead, handler] "{lead}同意牵头，由{handler}承办", "{lead} took the lead; {handler} handles it";
            Event::LeadDeclined { by, why } => [by, why] "{by}谢绝牵头：{why}", "{by} declined the lead: {why}";
            Event::Started { handler, note, .. } => [handler, note] "{handler}开始办理：{note}", "{handler} started: {note}";
            Event::Progressed { percent: Some(percent), text } => [percent, text] "进展{percent}%：{text}", "Progress {percent} %: {text}";
            Event::Progressed { text, .. } => [text] "进展：{text}", "Progress: {text}";
            Event::SupportAdded { unit, ask, .. } => [unit, ask] "加派{unit}配合：{ask}", "{unit} was added as support: {ask}";
            Event::SuspendAsked { reason, review, plan } => [reason, review, plan] "申请挂账（{reason}），{review}复核：{plan}", "Deferral asked ({reason}), review on {review}: {plan}";
            Event::Suspended { reason, review, .. } => [reason, review] "同意挂账（{reason}），{review}复核", "Deferred ({reason}) until the review on {review}";
            Event::SuspendRefused { why } => [why] "不同意挂账：{why}", "Deferral refused: {why}";
            Event::Resumed { trigger, note, .. } => [trigger, note] "恢复办理（{trigger}）：{note}", "Resumed ({trigger}): {note}";
            Event::ExtendAsked { to, reason } => [to, reason] "申请延期至{to}：{reason}", "More time asked, until {to}: {reason}";
            Event::Extended { to, .. } => [to] "同意延期至{to}，原期限保留", "Extended until {to}; the original limit is kept";
            Event::ExtendRefused { to, why } => [to, why] "不同意延期至{to}：{why}", "Extension until {to} refused: {why}";
            Event::EvidenceAdded { kind, note: Some(note), .. } => [kind, note] "添加佐证（{kind}）：{note}", "Evidence added ({kind}): {note}";
            Event::EvidenceAdded { kind, .. } => [kind] "添加佐证（{kind}）", "Evidence added ({kind})";
            Event::EvidenceVerified { good: true, note, .. } => [note] "佐证核对属实：{note}", "Evidence found good: {note}";
            Event::EvidenceVerified { note, .. } => [note] "佐证不予采信：{note}", "Evidence found wanting: {note}";
            Event::Submitted { outcome, in_time: Some(false), .. } => [outcome] "逾期反馈：{outcome}", "Submitted late: {outcome}";
            Event::Submitted { outcome, .. } => [outcome] "反馈：{outcome}", "Submitted: {outcome}";
            Event::Rejected { defects, .. } => [defects] "退回重办：{defects}", "Rejected: {defects}";
            Event::Verified { kind, solved, note, .. } => [kind, solved, note] "经{kind}核验，{solved}：{note}", "Verified by {kind}, {solved}: {note}";
            Event::LookedBack { solved, note, .. } => [solved, note] "回头看，{solved}：{note}", "Looked back at, {solved}: {note}";
            Event::Closed { .. } => [] "办结", "Closed";
            Event::Archived { retention } => [retention] "销号归档，保管{retention}", "Archived, kept {retention}";
            Event::Reopened { why, note, .. } => [why, note] "重启（{why}）：{note}", "Reopened ({why}): {note}";
            Event::Split { parts } => [parts] "拆为{parts}件", "Split into {parts}";
            Event::Merged { into, reason } => [into, reason] "并入{into}：{reason}", "Merged into {into}: {reason}";
            Event::Cancelled { reason } => [reason] "撤销：{reason}", "Cancelled: {reason}";
            Event::HandOverAsked { to, note } => [to, note] "移交{to}，待接手：{note}", "Handed to {to}, to be taken over: {note}";
            Event::HandedOver { to } => [to] "{to}接手", "Taken over by {to}";
            Event::Urged { note } => [note] "催办：{note}", "Urged: {note}";
            Event::Escalated { rung, asked, note } => [rung, asked, note] "升到第{rung}级，报{asked}：{note}", "Escalated to rung {rung}, {asked} is asked: {note}";
            Event::Recomputed { why, .. } => [why] "期限重算：{why}", "Limits recomputed: {why}";
            Event::PatronSet { patron } => [patron] "包保领导：{patron}", "Patron: {patron}";
            Event::Raised { block, ask } => [block, ask] "提请协调（{block}）：{ask}", "Help asked ({block}): {ask}";
            Event::Linked { relation } => [relation] "关联：{relation}", "Linked: {relation}";
        }
    }
}

impl InWords for Vec<super::event::SplitChild> {
    fn in_words(&self, _: Lang, _: Names<'_>) -> String {
        self.len().to_string()
    }
}
impl InWords for super::model::Relation {
    fn in_words(&self, lang: Lang, _: Names<'_>) -> String {
        format!("{}{}{}", self.kind.say(lang), lang.pick("", " "), self.to)
    }
}
