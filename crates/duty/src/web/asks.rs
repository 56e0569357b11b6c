//! What each act asks for: the fields of every command, once, for its form and for reading the form back.
//!
//! The names are those of the command's JSON, so that a refusal names the field that the person sees. On a page they
//! carry the act in front (`ask_extend-to`), because several dialogs stand on one page and ids must differ.

use base::web::ui::form::Choice;
use kernel::Lang;
use kernel::duty::{
    Act, BlockKind, DeferralReason, EvidenceKind, OutcomeClass, RelationKind, ReopenReason, ResumeTrigger,
    Retention, ReturnReason, Solved, VerificationKind,
};
use serde::Serialize;

/// What sort of value a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Take {
    /// A unit of the playbook.
    Unit,
    /// A post of the lead unit (the own unit before there is a lead).
    PostInside,
    /// A post with one of these roles.
    PostWith(&'static [&'static str]),
    /// An entry of the duty lists.
    Mandate,
    /// A reason or remark.
    Remark,
    /// A long text.
    Body,
    /// Points, one a line.
    Lines,
    /// A day.
    Day,
    /// A share, 0 to 100.
    Percent,
    /// A rung of the ladder.
    Rung,
    /// Yes or no; the words of the two answers.
    YesNo(&'static str, &'static str),
    /// One of a fixed list.
    Word(Vocab),
    /// Another duty, by its number or id.
    Duty,
    /// A file of the duty's own evidence.
    OwnFile,
    /// A file from the person's machine.
    Upload,
}

/// The fixed lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vocab {
    Return,
    Deferral,
    Resume,
    Evidence,
    Outcome,
    Verification,
    Solved,
    Retention,
    Reopen,
    Relation,
    Block,
}

/// One field of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ask {
    /// Its name in the command.
    pub(super) name: &'static str,
    /// Key of its label.
    pub(super) label: &'static str,
    /// What it takes.
    pub(super) take: Take,
    /// May stay empty.
    pub(super) optional: bool,
}

const fn must(name: &'static str, label: &'static str, take: Take) -> Ask {
    Ask { name, label, take, optional: false }
}
const fn may(name: &'static str, label: &'static str, take: Take) -> Ask {
    Ask { name, label, take, optional: true }
}

const SUPERVISORS: Take = Take::PostWith(&["supervisor", "supervision_director"]);
const PATRONS: Take = Take::PostWith(&["patron"]);
/// Cited beside a command, not part of it.
pub(super) const MANDATE: &str = "mandate";
const CITED: Ask = may(MANDATE, "du.ask.mandate", Take::Mandate);
const WHY: Ask = must("why", "du.ask.why", Take::Remark);
const REASON: Ask = must("reason", "du.ask.why", Take::Remark);
const NOTE: Ask = must("note", "du.ask.note", Take::Remark);

/// The fields of an act; `None` for those with a form of their own (the text of a duty, the parts of a split).
pub(super) fn asks(act: Act) -> Option<Vec<Ask>> {
    Some(match act {
        Act::Draft | Act::Register | Act::Split => return None,
        Act::Assign => vec![
            must("lead", "du.ask.lead", Take::Unit),
            CITED,
            may("due", "du.ask.due", Take::Day),
            may("superintendent", "du.ask.superintendent", SUPERVISORS),
            may("patron", "du.ask.patron", PATRONS),
        ],
        Act::Accept => vec![may("handler", "du.ask.handler", Take::PostInside)],
        Act::Return => {
            vec![
                must("reason", "du.ask.class", Take::Word(Vocab::Return)),
                must("ground", "du.ask.ground", Take::Remark),
            ]
        }
        Act::Rule => vec![
            must("lead", "du.ask.lead", Take::Unit),
            must("final", "du.ask.final", Take::YesNo("du.ask.final_yes", "du.ask.final_no")),
            must("ground", "du.ask.ruling", Take::Remark),
            CITED,
        ],
        Act::OfferLead => vec![must("to", "du.ask.to_unit", Take::Unit), REASON, CITED],
        Act::TakeLead => vec![CITED],
        Act::DeclineLead | Act::RefuseSuspend | Act::RefuseExtend => vec![WHY],
        Act::Start => vec![must("note", "du.ask.plan", Take::Remark)],
        Act::NoteProgress => {
            vec![
                may("percent", "du.ask.percent", Take::Percent),
                must("text", "du.ask.progress", Take::Remark),
            ]
        }
        Act::AddSupport => vec![
            must("unit", "du.ask.support", Take::Unit),
            must("ask", "du.ask.task", Take::Remark),
            may("due", "du.ask.due", Take::Day),
            CITED,
        ],
        Act::AskSuspend => vec![
            must("reason", "du.ask.class", Take::Word(Vocab::Deferral)),
            must("review", "du.ask.review", Take::Day),
            must("plan", "du.ask.until_then", Take::Remark),
        ],
        Act::GrantSuspend | Act::GrantExtend | Act::Close | Act::TakeOver | Act::Recompute => vec![],
        later => return asks_of_the_end(later),
    })
}

/// The fields of acts from evidence and report to the archive, and of those beside the road.
fn asks_of_the_end(act: Act) -> Option<Vec<Ask>> {
    Some(match act {
        Act::Resume => vec![must("trigger", "du.ask.trigger", Take::Word(Vocab::Resume)), NOTE],
        Act::AskExtend => vec![must("to", "du.ask.extend_to", Take::Day), REASON],
        Act::AddEvidence => vec![
            must("file", "du.ask.file", Take::Upload),
            must("kind", "du.ask.file_kind", Take::Word(Vocab::Evidence)),
            may("note", "du.ask.caption", Take::Remark),
        ],
        Act::VerifyEvidence => vec![
            must("file", "du.ask.which_file", Take::OwnFile),
            must("good", "du.ask.finding", Take::YesNo("du.ask.good_yes", "du.ask.good_no")),
            NOTE,
        ],
        Act::Submit => vec![
            must("outcome", "du.ask.outcome", Take::Word(Vocab::Outcome)),
            must("reply", "du.ask.reply", Take::Body),
            may("planned", "du.ask.planned", Take::Day),
            may("legal", "du.ask.legal", Take::Remark),
        ],
        Act::Reject => vec![must("defects", "du.ask.defects", Take::Lines)],
        Act::Verify => vec![
            must("kind", "du.ask.how", Take::Word(Vocab::Verification)),
            must("solved", "du.ask.solved", Take::Word(Vocab::Solved)),
            must("note", "du.ask.sample", Take::Remark),
        ],
        Act::Archive => vec![must("retention", "du.ask.retention", Take::Word(Vocab::Retention))],
        Act::Reopen => {
            vec![
                must("why", "du.ask.class", Take::Word(Vocab::Reopen)),
                NOTE,
                may("due", "du.ask.due", Take::Day),
            ]
        }
        Act::Merge => vec![must("into", "du.ask.into", Take::Duty), REASON],
        Act::Cancel => vec![REASON],
        Act::HandOver => vec![
            must("to", "du.ask.to_post", Take::PostInside),
            must("note", "du.ask.hand_note", Take::Remark),
        ],
        Act::Urge => vec![must("note", "du.ask.urge", Take::Remark)],
        Act::Escalate => {
            vec![must("rung", "du.ask.rung", Take::Rung), may("asked", "du.ask.asked", PATRONS), NOTE]
        }
        Act::SetPatron => vec![may("patron", "du.ask.patron", PATRONS)],
        Act::Raise => vec![
            must("block", "du.ask.block", Take::Word(Vocab::Block)),
            must("ask", "du.ask.help", Take::Remark),
        ],
        Act::Link => vec![
            must("kind", "du.ask.relation", Take::Word(Vocab::Relation)),
            must("to", "du.ask.other", Take::Duty),
        ],
        _ => return None,
    })
}

/// The stable name of an act: the tag of commands, and the last part of its address.
pub(super) fn act_code(act: Act) -> String {
    code(act)
}

/// The act with this name.
pub(super) fn act_of(given: &str) -> Option<Act> {
    Act::ALL.iter().copied().find(|act| code(*act) == given)
}

/// The name that serde gives a value of a fixed list.
pub(super) fn code<T: Serialize>(value: T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn listed<T: Serialize + Copy>(all: &[T], lang: Lang, say: fn(T, Lang) -> &'static str) -> Vec<Choice> {
    all.iter().map(|value| Choice::new(code(*value), say(*value, lang))).collect()
}

/// The choices of a fixed list.
pub(super) fn vocab(list: Vocab, lang: Lang) -> Vec<Choice> {
    match list {
        Vocab::Return => listed(ReturnReason::ALL, lang, ReturnReason::say),
        Vocab::Deferral => listed(DeferralReason::ALL, lang, DeferralReason::say),
        Vocab::Resume => listed(ResumeTrigger::ALL, lang, ResumeTrigger::say),
        Vocab::Evidence => listed(EvidenceKind::ALL, lang, EvidenceKind::say),
        Vocab::Outcome => listed(OutcomeClass::ALL, lang, OutcomeClass::say),
        Vocab::Verification => listed(VerificationKind::ALL, lang, VerificationKind::say),
        Vocab::Solved => listed(Solved::ALL, lang, Solved::say),
        Vocab::Retention => listed(Retention::ALL, lang, Retention::say),
        Vocab::Reopen => listed(ReopenReason::ALL, lang, ReopenReason::say),
        Vocab::Relation => listed(RelationKind::ALL, lang, RelationKind::say),
        Vocab::Block => listed(BlockKind::ALL, lang, BlockKind::say),
    }
}
