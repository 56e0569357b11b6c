//! The petitioner's page: who holds it, by when, why it waits, what happened, what was answered, what one can do.

use super::Seen;
use crate::model::{Act, Exclusion, MessageKind, Stage, Track};
use crate::web::portal::caller::Caller;
use crate::web::portal::photos;
use crate::web::receipt::{file_of, steps};
use base::i18n::T;
use base::web::ui::button::Button;
use base::web::ui::due::{Due, Length, chip};
use base::web::ui::icon::sized;
use base::web::ui::{Markup, feedback, html, mark, when};
use kernel::cases::Grade;
use kernel::ledger::{Hash, Hasher, Sha256};
use kernel::{Instant, Refused};

/// The page; a refused act shows its reason where it was done.
pub(super) fn draw(caller: &Caller, seen: &Seen, token: &str, no: Option<(&str, &Refused)>) -> Markup {
    let (t, track) = (caller.t(), &seen.track);
    html! {
        div.gp-w.tk {
            header.tkh {
                p { span.mono { (track.no) } @if seen.case.filing.confidential { " · " (t.s("track.confidential")) } }
                h1 { (track.title) }
                p { (t.f("track.received", &[("at", &when::moment(caller.lang(), track.received_at, caller.today()))])) }
                @if let Some(words) = done(t, caller.visitor.done.as_deref()) { div.note.is-g role="status" { (sized("circle-check", 16)) div { (words) } } }
                @if let Some((_, no)) = no { div #problem { (feedback::refusal(t, &**no, None)) } }
            }
            div.tka {
                (holder(caller, seen))
                (stepper(caller, track))
                (replies(caller, track))
                (story(caller, track))
                (said(caller, track))
            }
            div.tkc {
                (acts(caller, seen, token))
                (spent(caller, seen))
                (exclusion(caller, seen))
                (proof(caller, seen, token))
            }
        }
    }
}

/// What has just been done.
fn done<'a>(t: T<'a>, code: Option<&str>) -> Option<&'a str> {
    Some(match code? {
        "rated" => t.s("track.done.rated"),
        "not_solved" => t.s("track.done.not_solved"),
        "said" => t.s("track.done.said"),
        "objected" => t.s("track.done.objected"),
        "coached" => t.s("track.done.coached"),
        "withdrawn" => t.s("track.done.withdrawn"),
        "erase" => t.s("track.done.erase"),
        _ => return None,
    })
}

fn moment(caller: &Caller, at: Instant) -> String {
    when::moment(caller.lang(), at, caller.today())
}

fn holder(caller: &Caller, seen: &Seen) -> Markup {
    let (t, track) = (caller.t(), &seen.track);
    html! {
        section.card.hold aria-label=(t.s("track.holder")) {
            div.who {
                @match (&track.promise, &track.end) {
                    (Some(promise), _) => { span.k { (t.s("track.holder")) } b { (t.words(&promise.unit_name)) } small { (t.say(track.stage.say(caller.lang()))) } }
                    (None, Some(_)) => { span.k { (t.s("track.stage")) } b { (t.say(track.stage.say(caller.lang()))) } }
                    (None, None) => { span.k { (t.s("track.stage")) } b { (t.say(track.stage.say(caller.lang()))) } small { (t.s("track.nobody")) } }
                }
            }
            @if let Some(by) = track.promise.as_ref().and_then(|promise| promise.by) {
                dl { div { dt { (t.s("track.by")) } dd { (moment(caller, by)) br; (light(caller, by)) } } }
            }
            div.why2 {
                @if track.together { p { (t.s("track.together")) } }
                @if let Some(end) = &track.end { h2 { (t.s("track.end")) } p { (t.words(end)) } }
                @if let Some((why, review)) = &track.deferred {
                    h2 { (t.s("track.deferred")) }
                    p { (t.f("track.deferred_why", &[("why", &t.words(why)), ("day", &when::day_near(caller.lang(), *review, caller.today()))])) }
                    @if let Some(deferral) = &seen.case.deferral { p.sub { (t.f("track.deferred_ground", &[("ground", &deferral.endorsed.ground)])) } }
                    @if seen.case.deferral.as_ref().is_some_and(|d| d.objection.is_some()) { p { b { (t.s("track.objection_waits")) } } }
                } @else if track.promise.is_some() {
                    h2 { (t.s("track.why")) }
                    p { (why(t, track.stage)) }
                    @if let Some(promise) = &track.promise { (steps(caller, promise)) }
                }
            }
        }
    }
}

/// Late or in time, in working days, as the handlers see it.
fn light(caller: &Caller, by: Instant) -> Markup {
    let now = caller.app.now();
    let days = caller
        .app
        .calendar(caller.district, now.day())
        .map_or(0, |cal| cal.workdays_between(now.day(), by.day()));
    chip(caller.t(), &Due::at(now, by, days), Length::default())
}

/// Why it waits, by stage: what the holder has to do now.
fn why(t: T<'_>, stage: Stage) -> &str {
    match stage {
        Stage::Received => t.s("track.waits.received"),
        Stage::Dispatched => t.s("track.waits.dispatched"),
        Stage::Arbitrating => t.s("track.waits.arbitrating"),
        Stage::Signed => t.s("track.waits.signed"),
        Stage::Contacted | Stage::Handling => t.s("track.waits.handling"),
        Stage::DeferralAsked => t.s("track.waits.deferral_asked"),
        Stage::Replied => t.s("track.waits.replied"),
        Stage::Audited => t.s("track.waits.audited"),
        _ => t.s("track.waits.later"),
    }
}

/// The five steps that the petitioner knows.
fn stepper(caller: &Caller, track: &Track) -> Markup {
    let t = caller.t();
    let Some(now) = track.stage.step() else { return html! {} };
    let finished = matches!(track.stage, Stage::Closed | Stage::Archived);
    let names = [
        t.s("track.step.1"),
        t.s("track.step.2"),
        t.s("track.step.3"),
        t.s("track.step.4"),
        t.s("track.step.5"),
    ];
    html! {
        section.card { h2 { (t.s("track.steps")) } ol.tks.five {
            @for (i, name) in (1_u8..).zip(names) {
                @let past = i < now || (i == now && finished);
                li.done[past].cur[i == now && !finished] aria-current=[(i == now).then_some("step")] {
                    span.m { @if past { (sized("check", 14)) } @else { (i) } }
                    div { b { (name) } @if i == now { small { (t.say(track.stage.say(caller.lang()))) } } }
                }
            }
        } }
    }
}

fn replies(caller: &Caller, track: &Track) -> Markup {
    let t = caller.t();
    html! {
        @if !track.replies.is_empty() {
            section.card { h2 { (t.s("track.replies")) }
                @for reply in track.replies.iter().rev() {
                    article.rep {
                        p { b { (t.say(reply.outcome.say(caller.lang()))) } @if let Some(unit) = &reply.unit { " · " (t.words(unit)) } " · " (moment(caller, reply.at)) }
                        p.pre { (reply.text) }
                    }
                }
            }
        }
    }
}

fn story(caller: &Caller, track: &Track) -> Markup {
    let t = caller.t();
    html! {
        section.card { h2 { (t.s("track.story")) } ol.tks {
            @for (at, words) in &track.story {
                li.done { span.m { (sized("check", 14)) } div { b { (t.words(words)) } } time datetime=(at.rfc3339()) { (moment(caller, *at)) } }
            }
        } }
    }
}

fn said(caller: &Caller, track: &Track) -> Markup {
    let t = caller.t();
    html! {
        section.card { h2 { (t.s("track.words")) } p.pre { (track.text) }
            @for (kind, text, at) in &track.messages {
                article.rep { p { b { (t.say(kind.say(caller.lang()))) } " · " (moment(caller, *at)) } p.pre { (text) } }
            }
        }
    }
}

fn acts(caller: &Caller, seen: &Seen, token: &str) -> Markup {
    let (t, track) = (caller.t(), &seen.track);
    let can = |act: Act| track.can.contains(&act);
    let answered = seen.case.reply().is_some();
    let deferred = track.stage == Stage::Deferred && seen.case.deferral.is_some();
    let form = |act: &str, inner: &Markup| {
        html! { form.frm method="post" action={ "/t/" (token) "/" (act) } enctype="multipart/form-data" data-once novalidate {
            input type="hidden" name="rev" value=(track.rev); (inner)
        } }
    };
    html! {
        @if can(Act::Rate) { section.card.rate { h2 { (t.s("track.rate.title")) } p.sub { (t.s("track.rate.sub")) } (form("rate", &rating(caller))) } }
        @if let Some((solved, grade, at)) = &track.rating {
            section.card { h2 { (t.s("track.rate.given")) } p { (t.say(solved.say(caller.lang()))) " · " (t.say(grade.say(caller.lang()))) " · " (moment(caller, *at)) } }
        }
        section.card.acts { h2 { (t.s("track.acts")) }
            @if can(Act::Message) {
                @if answered { (fold("unsolved", "thumb-down", t.s("track.act.not_solved"), &html! { p.sub { (t.s("track.act.not_solved_text")) } (form("not-solved", &words(t, "ns", MessageKind::NotSolved, t.s("track.act.not_solved")))) })) }
                @if deferred { (fold("object", "hand-stop", t.s("track.act.object"), &html! { p.sub { (t.s("track.act.object_text")) } (form("object", &words(t, "ob", MessageKind::Objection, t.s("track.act.object")))) })) }
                (fold("more", "message-circle", t.s("track.act.say"), &form("say", &words(t, "sy", MessageKind::More, t.s("track.act.say")))))
                @if answered { (fold("coached", "flag", t.s("track.act.coached"), &html! { p.sub { (t.s("track.act.coached_text")) } (form("coached", &words(t, "co", MessageKind::Coached, t.s("track.act.coached")))) })) }
            } @else { p { (t.s("track.acts_none")) } }
            @if can(Act::Withdraw) { (fold("withdraw", "arrow-back-up", t.s("track.act.withdraw"), &html! { p.sub { (t.s("track.act.withdraw_text")) } (form("withdraw", &reason(t))) })) }
            p { a href={ "/t/" (token) "/data" } { (t.s("track.act.data")) } }
        }
    }
}

fn fold(id: &str, icon: &str, title: &str, inner: &Markup) -> Markup {
    html! { details.foldx id=(id) { summary { (sized(icon, 20)) b { (title) } (sized("chevron-down", 18)) } div { (inner) } } }
}

fn words(t: T, id: &str, kind: MessageKind, verb: &str) -> Markup {
    let files = matches!(kind, MessageKind::More | MessageKind::NotSolved);
    html! {
        div.fld { label for={ "w-" (id) } { (t.s("track.act.text")) } textarea.form-control id={ "w-" (id) } name="text" rows="3" maxlength="2000" required {} }
        @if files {
            div.fld { label for={ "p-" (id) } { (t.f("track.act.photos", &[("n", &photos::MOST)])) } input.form-control id={ "p-" (id) } type="file" name="photo" accept=(photos::ACCEPT) multiple; }
        }
        (Button::new(verb).primary().submit())
    }
}

fn reason(t: T) -> Markup {
    html! {
        div.fld { label for="w-wd" { (t.s("track.act.why")) } textarea.form-control #w-wd name="text" rows="2" maxlength="2000" required {} }
        (Button::new(t.s("track.act.withdraw")).submit())
    }
}

/// Three questions; nothing is chosen beforehand.
fn rating(caller: &Caller) -> Markup {
    let t = caller.t();
    let ask = |name: &str, legend: &str, choices: &[(&str, String)]| {
        html! { fieldset.rq { legend { (legend) } div { @for (value, word) in choices { label { input type="radio" name=(name) value=(value); span { (word) } } } } } }
    };
    let own = |key: &str| key.to_owned();
    let grades: Vec<(&str, String)> =
        Grade::ALL.iter().map(|g| (g.code(), t.say(g.say(caller.lang())).into_owned())).collect();
    html! {
        (ask("contacted", t.s("track.rate.contacted"), &[("yes", own(t.s("track.rate.contacted_yes"))), ("no", own(t.s("track.rate.contacted_no")))]))
        (ask("solved", t.s("track.rate.solved"), &[("yes", own(t.s("track.rate.yes"))), ("partly", own(t.s("track.rate.partly"))), ("no", own(t.s("track.rate.no")))]))
        (ask("grade", t.s("track.rate.grade"), &grades))
        label.visually-hidden for="rt" { (t.s("track.rate.note")) }
        textarea.form-control #rt name="text" rows="2" maxlength="2000" placeholder=(t.s("track.rate.note")) {}
        button.btn.btn-primary.w100 type="submit" { span { (t.s("track.rate.send")) } }
    }
}

/// Each unit's share of the time so far.
fn spent(caller: &Caller, seen: &Seen) -> Markup {
    let t = caller.t();
    let Ok(calendar) = caller.app.calendar(caller.district, caller.today()) else { return html! {} };
    let shares = seen.duty.held(caller.app.now(), &calendar);
    html! {
        section.card { h2 { (t.s("track.spent")) } p.sub { (t.s("track.spent_sub")) }
            ul.tkl { @for share in &shares { li { span { (caller.unit(&share.unit)) } b { (when::span(t, share.natural_minutes)) } } } }
        }
    }
}

/// Whether it is left out of the figures, and who decided.
fn exclusion(caller: &Caller, seen: &Seen) -> Markup {
    let t = caller.t();
    let Some(exclusion) = &seen.case.exclusion else { return html! {} };
    let rule = caller.book.case_rules().and_then(|rules| rules.exclusions.get(&exclusion.class));
    let class = rule.map_or_else(|| exclusion.class.to_string(), |rule| t.words(&rule.name).into_owned());
    html! {
        section.card { h2 { (t.s("track.exclusion.title")) } p { (t.f("track.exclusion.class", &[("class", &class)])) } p { b { (verdict(t, exclusion)) } }
            @if let Some(ruling) = &exclusion.decided { p.sub { (t.f("track.exclusion.ground", &[("ground", &ruling.ground)])) } }
            @if let Some(ruling) = exclusion.appeal.as_ref().and_then(|a| a.decided.as_ref()) { p.sub { (t.f("track.exclusion.final", &[("ground", &ruling.ground)])) } }
            p.sub { (t.s("track.exclusion.text")) }
        }
    }
}

fn verdict<'a>(t: T<'a>, exclusion: &Exclusion) -> &'a str {
    match (exclusion.pending(), exclusion.granted()) {
        (true, _) => t.s("track.exclusion.pending"),
        (false, true) => t.s("track.exclusion.granted"),
        (false, false) => t.s("track.exclusion.refused"),
    }
}

fn proof(caller: &Caller, seen: &Seen, token: &str) -> Markup {
    let t = caller.t();
    let leaf = |bytes: &[u8]| Hash::from_slice(bytes).map(|hash| Sha256.leaf(&hash.0).hex());
    html! {
        section.card.vfy { h2 { (t.s("track.proof.title")) } p { (t.f("track.proof.n", &[("n", &seen.events)])) }
            @if let Some((event, bytes)) = &seen.last {
                @if let Some(hex) = leaf(bytes) { p.sub { (t.s("track.proof.last")) " " (mark::hash(&hex)) } }
                p { a href=(file_of(caller.district, *event)) { (t.s("track.proof.file")) } " · " a href="/portal/about#verify" { (t.s("receipt.how")) } }
            }
            details { summary { (t.s("track.proof.qr")) } (base::qr::qr(&caller.url(&format!("/t/{token}")), t.s("receipt.qr"))) }
        }
    }
}
