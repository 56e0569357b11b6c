//! Who asks what: the requests of a day, with channel, place and words, and what will become of each.

use super::words::Matter;
use super::{Requests, Script, Sorting, minutes};
use crate::dice::Dice;
use crate::storm;
use case::model::{Contact, NewCase, PlaceForm};
use kernel::cases::{CaseKind, Channel, Grade};
use kernel::duty::Solved;
use kernel::{Day, Instant, UnitCode};

/// The last weeks before the horizon are dense: from here on.
const DENSE: (i8, i8) = (7, 1);

/// A request about to be made.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draft {
    pub(crate) new: NewCase,
    pub(crate) place: Option<UnitCode>,
    pub(crate) road: String,
    pub(crate) what: String,
    pub(crate) done: String,
    pub(crate) script: Script,
}

impl Requests {
    /// The requests of a day with their moments. `intensity` is in per cent of an ordinary year.
    pub(super) fn drafts(&mut self, day: Day, works: bool, intensity: u32) -> Vec<(Instant, Draft)> {
        let dense = (day.month(), day.day()) >= DENSE;
        let (least, most) = match (dense, works) {
            (true, true) => (34, 52),
            (true, false) => (16, 26),
            (false, true) => (5, 10),
            (false, false) => (1, 4),
        };
        let percent = i32::try_from(intensity).unwrap_or(100);
        let n = self.dice.between(least, most).saturating_mul(percent) / 100;
        let mut out = Vec::new();
        for _ in 0..n {
            // Most call between eight and eight, few at night.
            let minute = if self.dice.chance(92) {
                self.dice.between(480, 1_200)
            } else {
                self.dice.between(0, 1_430)
            };
            let at = day.start().plus_seconds(minutes(minute));
            let draft = if self.dice.chance(11) { self.question() } else { self.matter(false, None) };
            out.extend(draft.map(|draft| (at, draft)));
        }
        // Now and then one matter moves a whole estate.
        if self.dice.chance(if dense { 22 } else { 5 }) {
            self.burst(day, &mut out);
        }
        if storm::is_night(day) {
            self.storm(day, percent, &mut out);
        }
        out
    }

    /// Several people about one matter at one place, within two hours.
    fn burst(&mut self, day: Day, out: &mut Vec<(Instant, Draft)>) {
        let Some(matter) = self.words.matter(&mut self.dice, false) else { return };
        let Some(first) = self.matter(false, Some((matter, None))) else { return };
        let start = self.dice.between(510, 1_080);
        let people = self.dice.between(3, 8);
        let at = |minute: i32| day.start().plus_seconds(minutes(minute));
        for n in 0..people {
            let mut next = first.clone();
            next.new.contact = contact(&mut self.dice);
            let wish = self.dice.between(1, 4);
            next.new.text = next.new.text.replace("（模拟）", &format!("我家在{wish}楼。（模拟）"));
            out.push((at(start + n * 15), next));
        }
    }

    fn storm(&mut self, day: Day, percent: i32, out: &mut Vec<(Instant, Draft)>) {
        for (minute, low) in storm::calls(&mut self.dice, percent) {
            let place = low.and_then(|n| self.places.get(n % self.places.len().max(1)).cloned());
            let Some(matter) = self.words.matter(&mut self.dice, true) else { return };
            let Some(mut draft) = self.matter(true, Some((matter, place))) else { return };
            // Everybody who calls about a low place means the same stretch of road.
            if let Some(road) = low.and_then(|n| self.words.roads.get(n).cloned()) {
                draft.new.text = draft.new.text.replace(draft.road.as_str(), &road);
                draft.new.place.address = format!("{road}下穿段");
                draft.road = road;
            }
            // Nobody bounces or puts off what stands under water.
            draft.script = Script { bounces: false, extends: false, defers: false, ..draft.script };
            out.push((day.start().plus_seconds(minutes(minute)), draft));
        }
    }

    /// A question that is answered at once.
    fn question(&mut self) -> Option<Draft> {
        let at = self.dice.below(self.words.consult.len());
        let consult = self.words.consult.get(at)?.clone();
        let channel = if self.dice.chance(80) { Channel::Phone } else { Channel::Portal };
        let mut new = NewCase::new(channel, &format!("{}（模拟）", consult.q));
        new.kind = Some(CaseKind::Consult);
        new.category = consult.category;
        new.place = PlaceForm { unknown: true, ..PlaceForm::default() };
        new.contact = contact(&mut self.dice);
        let script = Script { sorting: Sorting::Answer(at), ..self.script() };
        let what = "咨询".to_owned();
        Some(Draft { new, place: None, road: String::new(), what, done: String::new(), script })
    }

    /// A matter that somebody has to deal with.
    fn matter(&mut self, wet: bool, given: Option<(Matter, Option<UnitCode>)>) -> Option<Draft> {
        let (matter, at) = match given {
            Some(given) => given,
            None => (self.words.matter(&mut self.dice, wet)?, None),
        };
        let place = match at {
            Some(place) => place,
            None => self.dice.pick(&self.places).cloned()?,
        };
        let road = self.dice.word(&self.words.roads).to_owned();
        let estate = self.dice.word(&self.words.estates).to_owned();
        let text = self.words.say(&matter, &road, &estate, &mut self.dice);
        let channel = match self.dice.below(100) {
            0..=49 => Channel::Phone,
            50..=72 => Channel::Portal,
            73..=86 => Channel::Grid,
            87..=91 => Channel::Api,
            92..=95 => Channel::Letter,
            _ => Channel::Visit,
        };
        let mut new = NewCase::new(channel, &text);
        new.category.clone_from(&matter.category);
        let house = self.dice.between(1, 260);
        new.place = PlaceForm {
            unit: place.to_string(),
            address: format!("{road}{house}号{estate}旁"),
            ..PlaceForm::default()
        };
        new.kind = Some(if self.dice.chance(55) { CaseKind::Complaint } else { CaseKind::Help });
        if self.dice.chance(94) || !channel.by_staff() {
            new.contact = contact(&mut self.dice);
        } else {
            new.anonymous = true;
        }
        // Few ask that their name stay hidden from whom they complain about.
        if self.dice.chance(2) {
            new.confidential = true;
            new.against = place.as_str().get(..9).unwrap_or(place.as_str()).to_owned();
            new.kind = Some(CaseKind::Complaint);
        }
        let sorting = match self.dice.below(200) {
            0 => Sorting::HandOver,
            1 | 2 => Sorting::Refuse,
            _ => Sorting::Dispatch,
        };
        let script = Script { sorting, ..self.script() };
        let done = super::words::filled(&matter.done, &road, &estate, &mut self.dice);
        Some(Draft { new, place: Some(place), road, what: matter.what, done, script })
    }

    fn script(&mut self) -> Script {
        let dice = &mut self.dice;
        let fake = dice.chance(4);
        let (solved, grade) = match dice.below(100) {
            _ if fake => (Solved::No, Grade::VeryDissatisfied),
            0..=45 => (Solved::Yes, Grade::VerySatisfied),
            46..=73 => (Solved::Yes, Grade::Satisfied),
            74..=83 => (Solved::Yes, Grade::Basic),
            84..=90 => (Solved::Partly, Grade::Basic),
            91..=95 => (Solved::Partly, Grade::Dissatisfied),
            _ => (Solved::No, Grade::Dissatisfied),
        };
        let misses = match dice.below(100) {
            0..=73 => 0,
            74..=86 => 1,
            87..=94 => 2,
            _ => 3,
        };
        Script {
            sorting: Sorting::Dispatch,
            late: dice.chance(7),
            bounces: dice.chance(5),
            extends: dice.chance(8),
            defers: dice.chance(6),
            fake,
            audit_fails: dice.chance(6),
            misses,
            rates: dice.chance(18),
            solved,
            grade,
            insists: dice.chance(60),
            excludes: dice.chance(25),
            withdraws: dice.chance(2),
            more: dice.chance(5),
            look_bad: dice.chance(4),
        }
    }
}

/// A contact that is nobody's: a number block that stands for none, no name.
fn contact(dice: &mut Dice) -> Contact {
    let n = dice.below(10_000);
    Contact { name: "模拟居民".to_owned(), phone: format!("1990000{n:04}"), ..Contact::default() }
}
