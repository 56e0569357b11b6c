//! The fields of each act's form. All choices come from the playbook and the whistle; nothing that the record shows can
//! be typed (D§2.3.12).

use super::look::Look;
use super::parse::{CALLS, OUTCOMES, TASKS, code};
use crate::whistle::act::{sheet_by, sides};
use crate::whistle::model::{Call, Whistle};
use crate::whistle::score;
use crate::whistle::vocab::{Act, How, Outcome, Sheet};
use base::web::form::Fields;
use base::web::ui::form::{Choice, Field, Input, field, message, pair};
use base::web::ui::{Markup, html};
use kernel::access::Actor;
use kernel::playbook::{Playbook, UnitKind};
use kernel::{Lang, Refuse, UnitCode};

/// A form in the making.
#[derive(Clone, Copy)]
pub(super) struct Sheetful<'a> {
    /// How whistles look.
    pub(super) look: Look<'a>,
    /// What was typed.
    pub(super) typed: &'a Fields,
    /// What was refused.
    pub(super) no: Option<&'a dyn Refuse>,
}

impl Sheetful<'_> {
    /// One field with what was typed, or what usually stands there.
    pub(super) fn one(&self, name: &str, label: &str, usual: &str, how: Fill, input: &Input<'_>) -> Markup {
        let value = self.typed.given(name).unwrap_or(usual).to_owned();
        // A refusal names the field without its prefix or row.
        let plain = name.trim_start_matches("p-");
        let mine = |no: &&dyn Refuse| no.field() == Some(name) || no.field() == Some(plain);
        let error = self.no.filter(mine).map(|no| message(self.look.t, no));
        let chosen = self.typed.all(name).to_vec();
        let mut f = Field::new(name, label).value(&value).error(error).chosen(&chosen);
        if how.optional {
            f = f.optional();
        }
        if let Some(hint) = how.hint {
            f = f.hint(hint);
        }
        field(self.look.t, &f, input)
    }
}

/// Whether a field may stay empty, and how to fill it in.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fill<'h> {
    optional: bool,
    hint: Option<&'h str>,
}

/// Must be filled in.
pub(super) const MUST: Fill<'static> = Fill { optional: false, hint: None };
/// May stay empty.
pub(super) const MAY: Fill<'static> = Fill { optional: true, hint: None };

/// Must be filled in, in this way.
pub(super) fn must(hint: &str) -> Fill<'_> {
    Fill { optional: false, hint: Some(hint) }
}

/// May stay empty; if not, in this way.
pub(super) fn may(hint: &str) -> Fill<'_> {
    Fill { optional: true, hint: Some(hint) }
}

/// Entries by which a department leads, with the department first: one choice names both.
pub(super) fn entries(look: Look<'_>, whistle: Option<&Whistle>) -> Vec<Choice> {
    let called = |unit: &UnitCode| whistle.is_some_and(|whistle| whistle.call(unit).is_some());
    let mut list: Vec<(String, Choice)> = look
        .book
        .mandates
        .values()
        .filter_map(|entry| {
            let lead = entry.lead.as_ref().filter(|lead| !called(lead))?;
            let unit = look.unit(lead);
            let label = format!("{unit} · {} {}", entry.code, entry.title.get(look.lang()));
            Some((unit, Choice::new(entry.code.to_string(), label)))
        })
        .collect();
    list.sort_by(|a, b| (&a.0, &a.1.value).cmp(&(&b.0, &b.1.value)));
    list.into_iter().map(|(_, choice)| choice).collect()
}

fn units(look: Look<'_>, units: impl IntoIterator<Item = UnitCode>) -> Vec<Choice> {
    units.into_iter().map(|unit| Choice::new(unit.to_string(), look.unit(&unit))).collect()
}

/// Communities of a post, its own first: the place of a need is never a whole street.
pub(super) fn places(book: &Playbook, actor: &Actor, lang: Lang) -> Vec<Choice> {
    let community = |unit: &&kernel::playbook::Unit| unit.kind == UnitKind::Community;
    let own = book.unit(&actor.unit).into_iter();
    let below = actor.line.iter().filter_map(|code| book.unit(code));
    own.chain(below)
        .filter(community)
        .map(|unit| Choice::new(unit.code.to_string(), unit.name.get(lang)))
        .collect()
}

/// What is asked when a whistle is sounded.
pub(super) fn sounding(s: &Sheetful<'_>, whistle: Option<&Whistle>) -> Markup {
    let t = s.look.t;
    let kinds: Vec<Choice> = s
        .look
        .book
        .whistles
        .values()
        .map(|kind| Choice {
            value: kind.code.to_string(),
            label: kind.name.get(t.lang()).to_owned(),
            note: kind.when.get(t.lang()).to_owned(),
        })
        .collect();
    let entries = entries(s.look, whistle);
    html! {
        (s.one("kind", t.s("wh.kind"), "", MUST, &Input::Radio(&kinds)))
        (s.one("ask", t.s("wh.form.ask"), "", must(t.s("wh.form.ask_hint")), &Input::Area(3, 2_000)))
        @for n in 1..=CALLS {
            @let name = format!("entry{n}");
            @let label = if n == 1 { t.s("wh.form.lead_entry").to_owned() } else { t.f("wh.form.entry", &[("n", &n)]) };
            @let how = if n == 1 { must(t.s("wh.form.entry_hint")) } else { MAY };
            (s.one(&name, &label, "", how, &Input::Select(&entries)))
        }
    }
}

/// The fields of an act.
pub(super) fn inputs(s: &Sheetful<'_>, act: Act, w: &Whistle, actor: &Actor) -> Markup {
    let t = s.look.t;
    let text = |name: &str, label: &str, how| s.one(name, label, "", how, &Input::Area(3, 2_000));
    match act {
        Act::Ack => html! {},
        Act::Sound => sounding(s, Some(w)),
        Act::Solve => html! {
            (text("text", t.s("wh.form.solved"), MUST))
            (text("resident", t.s("wh.form.resident"), must(t.s("wh.form.resident_hint"))))
        },
        Act::Call => html! {
            (s.one("entry1", t.s("wh.form.further"), "", must(t.s("wh.form.entry_hint")), &Input::Select(&entries(s.look, Some(w)))))
            (text("ask", t.s("wh.form.own_ask"), may(t.s("wh.form.own_ask_hint"))))
        },
        Act::Dispute => {
            let all: Vec<Choice> = s
                .look
                .book
                .mandates
                .values()
                .map(|m| Choice::new(m.code.to_string(), s.look.entry(&m.code)))
                .collect();
            html! {
                (s.one("cited", t.s("wh.form.cited"), "", must(t.s("wh.form.cited_hint")), &Input::Select(&all)))
                (text("ground", t.s("wh.form.ground"), MUST))
            }
        }
        Act::Rule => rule(s, w),
        Act::Muster => muster(s, actor),
        Act::Plan => plan(s, w),
        Act::Done => {
            let classes: Vec<Choice> =
                OUTCOMES.iter().map(|class| Choice::new(code(*class), class.say(t.lang()))).collect();
            html! {
                (s.one("outcome", t.s("wh.form.outcome"), "resolved", MUST, &Input::Radio(&classes)))
                (s.one("text", t.s("wh.form.result"), "", must(t.s("wh.form.result_hint")), &Input::Area(4, 20_000)))
                (s.one("files", t.s("wh.form.files"), "", must(t.s("wh.form.files_hint")), &Input::File(".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx", true)))
            }
        }
        Act::Release => html! {
            (s.one("unit", t.s("wh.department"), "", MUST, &Input::Select(&units(s.look, w.supports()))))
            (text("why", t.s("word.reason"), MUST))
        },
        Act::Confirm => confirm(s, w, actor),
        Act::Score => sheet(s, w, actor),
        Act::Contest => html! {
            (hidden_unit(s, w, actor))
            (text("why", t.s("word.reason"), MUST))
        },
        Act::Settle => settle(s, w),
        Act::Cancel => text("why", t.s("word.reason"), MUST),
    }
}

fn rule(s: &Sheetful<'_>, w: &Whistle) -> Markup {
    let t = s.look.t;
    let waiting: Vec<&Call> = w.active().filter(|call| call.is_disputed()).collect();
    let who = units(s.look, waiting.iter().map(|call| call.unit.clone()));
    let outcomes: Vec<Choice> =
        Outcome::ALL.iter().map(|outcome| Choice::new(outcome.code(), outcome.say(t.lang()))).collect();
    let departments = s.look.book.org.units.values().filter(|unit| {
        matches!(unit.kind, UnitKind::Department | UnitKind::CommitteeOffice | UnitKind::Platform)
    });
    let to = units(s.look, departments.map(|unit| unit.code.clone()));
    let first = waiting.first().map(|call| call.unit.to_string()).unwrap_or_default();
    html! {
        @for call in &waiting {
            @if let Some(dispute) = &call.dispute {
                p.mb-3 { b { (s.look.unit(&call.unit)) } " " (t.f("wh.form.disputes", &[("entry", &s.look.entry(&call.entry)), ("cited", &s.look.entry(&dispute.cited)), ("ground", &dispute.ground)])) }
            }
        }
        (s.one("unit", t.s("wh.form.whose"), &first, MUST, &Input::Select(&who)))
        (s.one("outcome", t.s("wh.form.ruling"), "keep", MUST, &Input::Radio(&outcomes)))
        (s.one("to", t.s("wh.form.to"), "", may(t.s("wh.form.to_hint")), &Input::Select(&to)))
        (s.one("ground", t.s("wh.form.ground"), "", MUST, &Input::Area(3, 2_000)))
    }
}

fn muster(s: &Sheetful<'_>, actor: &Actor) -> Markup {
    let t = s.look.t;
    let posts: Vec<Choice> = s
        .look
        .book
        .org
        .posts_of(&actor.unit)
        .map(|post| Choice::new(post.code.to_string(), post.title.get(t.lang())))
        .collect();
    let decides =
        [Choice::new("yes", t.s("wh.form.decides_yes")), Choice::new("no", t.s("wh.form.decides_no"))];
    html! {
        (s.one("post", t.s("wh.form.who_came"), actor.post.as_str(), MUST, &Input::Select(&posts)))
        (s.one("decides", t.s("wh.form.decides"), "", must(t.s("wh.form.decides_hint")), &Input::Radio(&decides)))
        (s.one("authority", t.s("wh.form.authority"), "", may(t.s("wh.form.authority_hint")), &Input::Text(200)))
    }
}

fn plan(s: &Sheetful<'_>, w: &Whistle) -> Markup {
    let t = s.look.t;
    let who = units(s.look, w.active().map(|call| call.unit.clone()).chain([w.street.clone()]));
    html! {
        @for n in 1..=TASKS {
            @let (u, what, due) = (format!("unit{n}"), format!("what{n}"), format!("due{n}"));
            @let how = if n == 1 { MUST } else { MAY };
            fieldset.fld {
                legend.lb { (t.f("wh.form.task", &[("n", &n)])) }
                (pair(
                    s.one(&u, t.s("wh.form.task_lead"), "", how, &Input::Select(&who)),
                    s.one(&due, t.s("wh.form.task_due"), "", how, &Input::Date),
                ))
                (s.one(&what, t.s("wh.form.task_what"), "", how, &Input::Text(400)))
            }
        }
        (s.one("note", t.s("wh.form.plan_note"), "", MAY, &Input::Area(2, 2_000)))
    }
}

fn confirm(s: &Sheetful<'_>, w: &Whistle, actor: &Actor) -> Markup {
    let t = s.look.t;
    let open = sides(w, &actor.unit, &actor.post);
    let choices: Vec<Choice> = open.iter().map(|side| Choice::new(side.code(), side.say(t.lang()))).collect();
    let usual = open.first().map_or("", |side| side.code());
    let done = [Choice::new("yes", t.s("wh.form.done_yes")), Choice::new("no", t.s("wh.form.done_no"))];
    let hows: Vec<Choice> = How::ALL.iter().map(|how| Choice::new(how.code(), how.say(t.lang()))).collect();
    let who = units(s.look, w.active().map(|call| call.unit.clone()));
    html! {
        (s.one("side", t.s("wh.form.side"), usual, MUST, &Input::Radio(&choices)))
        (s.one("done", t.s("wh.form.is_done"), "", MUST, &Input::Radio(&done)))
        (s.one("note", t.s("wh.form.word"), "", must(t.s("wh.form.word_hint")), &Input::Area(3, 2_000)))
        (s.one("how", t.s("wh.form.how"), "", MAY, &Input::Select(&hows)))
        (s.one("units", t.s("wh.form.not_done_by"), "", may(t.s("wh.form.not_done_hint")), &Input::Checks(&who)))
    }
}

/// The part that a form is about: chosen in the address, else the first that waits.
fn part<'w>(s: &Sheetful<'_>, w: &'w Whistle, waits: impl Fn(&Call) -> bool) -> Option<&'w Call> {
    let asked = s.typed.given("unit").and_then(|given| UnitCode::parse("unit", given).ok());
    match asked {
        Some(unit) => w.call(&unit),
        None => w.active().find(|call| waits(call)),
    }
}

fn hidden_unit(s: &Sheetful<'_>, w: &Whistle, actor: &Actor) -> Markup {
    let by = sheet_by(w, &actor.unit);
    // The street contests what a department gave, a department what the street gave it.
    let of = if by == Sheet::Department { Sheet::Street } else { Sheet::Department };
    let call = if by == Sheet::Department {
        part(s, w, |call| call.sheet(of).is_some_and(|scores| scores.contest.is_none()))
    } else {
        w.call(&actor.unit)
    };
    html! {
        @if let Some(call) = call {
            input type="hidden" name="unit" value=(call.unit);
            p.mb-3 { b { (of.say(s.look.lang())) } " · " (s.look.unit(&call.unit)) }
        }
    }
}

fn sheet(s: &Sheetful<'_>, w: &Whistle, actor: &Actor) -> Markup {
    let t = s.look.t;
    let sheet = sheet_by(w, &actor.unit);
    let call = if sheet == Sheet::Department {
        part(s, w, |call| call.score.is_none())
    } else {
        w.call(&actor.unit)
    };
    let (Some(call), Some(rules)) = (call, s.look.book.whistle_rules()) else { return html! {} };
    let more: Vec<&Call> = w
        .active()
        .filter(|other| sheet == Sheet::Department && other.score.is_none() && other.unit != call.unit)
        .collect();
    html! {
        input type="hidden" name="unit" value=(call.unit);
        p.mb-3 { b { (sheet.say(t.lang())) } " · " (s.look.unit(&call.unit)) }
        @if !more.is_empty() {
            p.muted.mb-3 { (t.s("wh.form.score_others")) " "
                @for other in &more { a href={ "/w/" (w.id) "/score?unit=" (other.unit) } { (s.look.unit(&other.unit)) } " " }
            }
        }
        @for item in score::items(rules, sheet) {
            @let name = format!("p-{}", item.code);
            @match score::computed(call, sheet, item.code.as_str()) {
                Some(good) => {
                    div.fld { span.lb { (item.name.get(t.lang())) } p { b { (if good { item.points.text(0) } else { "0".to_owned() }) } "/" (item.points.text(0)) " " span.muted { (t.s("wh.form.by_record")) } } }
                }
                None => { (s.one(&name, item.name.get(t.lang()), "", MUST, &Input::Number(&format!("/{}", item.points.text(0))))) }
            }
        }
        (s.one("note", t.s("wh.form.score_note"), "", MAY, &Input::Area(2, 2_000)))
    }
}

fn settle(s: &Sheetful<'_>, w: &Whistle) -> Markup {
    let t = s.look.t;
    let contested = |call: &Call| {
        Sheet::ALL
            .iter()
            .copied()
            .find(|sheet| call.sheet(*sheet).is_some_and(crate::whistle::model::Scores::is_contested))
    };
    let Some(call) = part(s, w, |call| contested(call).is_some()) else { return html! {} };
    let (Some(sheet), Some(rules)) = (contested(call), s.look.book.whistle_rules()) else { return html! {} };
    let scores = call.sheet(sheet);
    html! {
        input type="hidden" name="unit" value=(call.unit);
        input type="hidden" name="sheet" value=(sheet.code());
        p.mb-3 { b { (sheet.say(t.lang())) } " · " (s.look.unit(&call.unit)) }
        @if let Some(contest) = scores.and_then(|scores| scores.contest.as_ref()) {
            p.mb-3 { (t.f("wh.form.contested", &[("who", &s.look.post(&contest.by)), ("why", &contest.why)])) }
        }
        @for item in score::items(rules, sheet) {
            @let name = format!("p-{}", item.code);
            @let now = scores.and_then(|scores| scores.points.get(&item.code)).map(|n| n.text(1)).unwrap_or_default();
            @let hint = t.f("wh.form.now", &[("n", &now), ("of", &item.points.text(0))]);
            (s.one(&name, item.name.get(t.lang()), "", may(&hint), &Input::Number(&format!("/{}", item.points.text(0)))))
        }
        (s.one("ground", t.s("wh.form.ground"), "", MUST, &Input::Area(3, 2_000)))
    }
}
