//! A case at the door: what a form, a file or an interface gives, and what becomes of it before the transaction.
//!
//! Everything slow or random happens in [`NewCase::prepare`], outside the transaction: the contact is sealed, the query
//! code drawn and hashed, numbers that identify a person are masked in the text. The writer's thread then only inserts.

use super::CaseId;
use super::keys::{contact_hash, contact_key, headline, other_district, secret_of, signature_of, spot_of};
use super::mask::{Phone, masked_text};
use super::parts::{Attachment, Filing, PlaceRef, Point};
use crate::facts::Frames;
use crate::refusal::CaseRefusal as No;
use base::core::Core;
use base::vault::Spot;
use base::{Fault, Outcome};
use kernel::cases::{CaseKind, Channel, Urgency};
use kernel::playbook::{Category, Playbook, UnitKind};
use kernel::text::{Body, Remark, Title};
use kernel::{DistrictCode, DutyId, Instant, UnitCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most files of one filing (D§15.2: small and fixed).
pub const MAX_ATTACHMENTS: usize = 6;
/// Longest text of a filing in characters.
pub const MAX_TEXT: usize = 5_000;
/// Longest answer to a category's question.
const MAX_ANSWER: usize = 500;

/// How to reach the petitioner; empty means not given. Sealed before it is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Mail address.
    pub email: String,
    /// Identity number, where a petitioner gives one.
    pub id_no: String,
    /// The text as it was written, when masking changed it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub original: String,
}

impl Contact {
    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        [&self.name, &self.phone, &self.email, &self.id_no].iter().all(|part| part.trim().is_empty())
    }
    /// The same for a screen: `138****1234`, family name only.
    pub fn masked(&self) -> Contact {
        let name = self.name.chars().take(1).chain((!self.name.is_empty()).then_some('*')).collect();
        let phone = Phone::parse(&self.phone).map(|phone| phone.masked()).unwrap_or_default();
        Contact {
            name,
            phone,
            email: masked_text(&self.email),
            id_no: masked_text(&self.id_no),
            original: String::new(),
        }
    }
}

/// The place as it was given.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlaceForm {
    /// Code of a street or community.
    pub unit: String,
    /// Road, number, estate, building.
    pub address: String,
    /// Latitude in degrees.
    pub lat: Option<f64>,
    /// Longitude in degrees.
    pub lon: Option<f64>,
    /// The petitioner does not know.
    pub unknown: bool,
}

/// A case as a channel gives it. Words are checked in [`NewCase::prepare`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCase {
    /// Channel.
    pub channel: Channel,
    /// Kind; without one, what the category is for, else a request for help.
    #[serde(default)]
    pub kind: Option<CaseKind>,
    /// Code of a category; empty when the dispatcher is to choose.
    #[serde(default)]
    pub category: String,
    /// One line; made of the text when empty.
    #[serde(default)]
    pub title: String,
    /// The words.
    pub text: String,
    /// What the petitioner wishes.
    #[serde(default)]
    pub wishes: String,
    /// Place.
    #[serde(default)]
    pub place: PlaceForm,
    /// Code of the unit complained about.
    #[serde(default)]
    pub against: String,
    /// Contact.
    #[serde(default)]
    pub contact: Contact,
    /// No name is to be given.
    #[serde(default)]
    pub anonymous: bool,
    /// Confidential handling is asked for.
    #[serde(default)]
    pub confidential: bool,
    /// From a staff phone or an internal network.
    #[serde(default)]
    pub staff: bool,
    /// More urgent or more complex than the category says; only staff may set it.
    #[serde(default)]
    pub urgency: Option<Urgency>,
    /// Answers to the category's questions.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// Files, admitted and stored before.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// Source and number elsewhere, such as `12345:KM20190812001`: a second filing with it gives the first one.
    #[serde(default)]
    pub source_key: String,
    /// When another system received it; never later than now.
    #[serde(default)]
    pub received_at: Option<Instant>,
}

impl NewCase {
    /// A filing with nothing but its words.
    pub fn new(channel: Channel, text: &str) -> NewCase {
        NewCase {
            channel,
            kind: None,
            category: String::new(),
            title: String::new(),
            text: text.to_owned(),
            wishes: String::new(),
            place: PlaceForm::default(),
            against: String::new(),
            contact: Contact::default(),
            anonymous: false,
            confidential: false,
            staff: false,
            urgency: None,
            attributes: BTreeMap::new(),
            attachments: Vec::new(),
            source_key: String::new(),
            received_at: None,
        }
    }
}

/// A case that is ready to be written: everything slow or random is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// Its id.
    pub id: CaseId,
    /// The district that it is for.
    pub district: DistrictCode,
    /// What will be stored.
    pub filing: Filing,
    /// The query code, told once.
    pub code: String,
    /// The keyed hash of id and code.
    pub secret: [u8; 32],
    /// The sealed contact.
    pub contact: Option<String>,
    /// The keyed hash of the phone number, for repeat callers.
    pub contact_hash: Option<String>,
    /// The exact place in one text, for recurrence.
    pub spot: Option<String>,
    /// Category, place and words in one hash: near-identical filings share it.
    pub sig: String,
    /// When another system received it.
    pub received_at: Option<Instant>,
}

/// Letters of query codes: none that is taken for another.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

impl NewCase {
    /// Parses, masks, seals and hashes. Runs outside the transaction.
    ///
    /// # Errors
    /// Named refusals: see [`No`].
    pub fn prepare(&self, core: &Core, district: DistrictCode) -> Outcome<Prepared> {
        let now = core.now();
        let book = core.book(district, now.day())?;
        let id = DutyId::new(core.ids.next(now));
        let filing = self.filing(core, &book, now)?;
        let (row, vault) = (id.to_string(), core.vault());
        let bytes: [u8; 8] = core.ids.bytes();
        let code: String =
            bytes.iter().filter_map(|b| LETTERS.get(usize::from(*b & 31))).map(|b| char::from(*b)).collect();
        let secret = secret_of(core, district, id, &code);
        let written = self.text.trim();
        let mut contact = self.contact.clone();
        if written != filing.text.as_str() {
            contact.original = written.to_owned();
        }
        let sealed = if contact.is_empty() && contact.original.is_empty() {
            None
        } else {
            let plain = serde_json::to_string(&contact)?;
            let spot = Spot::new("case.contact", district, &row);
            Some(vault.seal(&spot, &plain).map_err(Fault::from)?)
        };
        let hash = contact_key(&self.contact)?.map(|key| contact_hash(core, district, &key));
        let sig = signature_of(&filing);
        Ok(Prepared {
            id,
            district,
            spot: spot_of(&filing.place),
            code,
            secret,
            contact: sealed,
            contact_hash: hash,
            sig,
            received_at: self.received_at,
            filing,
        })
    }

    fn filing(&self, core: &Core, book: &Playbook, now: Instant) -> Result<Filing, Fault> {
        let category = self.category(book)?;
        let n = self.text.trim().chars().count();
        if n == 0 {
            return Err(No::NoText {}.into());
        }
        if n > MAX_TEXT {
            return Err(No::TextTooLong { n, max: MAX_TEXT }.into());
        }
        if self.attachments.len() > MAX_ATTACHMENTS {
            return Err(No::TooManyFiles { n: self.attachments.len(), max: MAX_ATTACHMENTS }.into());
        }
        if self.received_at.is_some_and(|at| at > now) {
            return Err(No::FromTheFuture {}.into());
        }
        let text = Body::parse("text", &masked_text(&self.text))?;
        let title =
            if self.title.trim().is_empty() { headline(text.as_str()) } else { masked_text(&self.title) };
        let wishes = Some(masked_text(&self.wishes)).filter(|w| !w.trim().is_empty());
        let key = contact_key(&self.contact)?;
        if key.is_none() && !self.anonymous && !self.channel.by_staff() {
            return Err(No::NoContact {}.into());
        }
        // Most write for help; a category that is not for help says what it is for.
        let usual = |c: &Category| {
            let first = c.kinds.first().copied();
            if c.kinds.contains(&CaseKind::Help) { Some(CaseKind::Help) } else { first }
        };
        let kind = self.kind.or_else(|| category.and_then(usual)).unwrap_or(CaseKind::Help);
        if let Some(category) = category
            && !category.kinds.is_empty()
            && !category.kinds.contains(&kind)
        {
            return Err(No::KindNotOffered { kind, category: category.code.to_string() }.into());
        }
        self.questions(category)?;
        let urgency = self.urgency.or_else(|| category.map(|c| c.urgency)).unwrap_or(Urgency::General);
        Ok(Filing {
            channel: self.channel,
            kind,
            category: category.map(|c| c.code.clone()),
            urgency,
            place: self.place(core, book)?,
            title: Title::parse("title", &title)?,
            text,
            wishes: wishes.map(|w| Remark::parse("wishes", &w)).transpose()?,
            against: self.against(book)?,
            attributes: self.attributes.iter().map(|(k, v)| (k.clone(), masked_text(v))).collect(),
            attachments: self.attachments.clone(),
            anonymous: self.anonymous,
            confidential: self.confidential,
            contactable: key.is_some(),
            staff: self.staff,
            source_key: Some(self.source_key.trim().to_owned()).filter(|key| !key.is_empty()),
        })
    }

    fn category<'b>(&self, book: &'b Playbook) -> Result<Option<&'b Category>, No> {
        let given = self.category.trim();
        if given.is_empty() {
            return Ok(None);
        }
        let unknown = || No::UnknownCategory { given: kernel::refusal::clip(given) };
        book.category(given).map(Some).ok_or_else(unknown)
    }

    /// Only questions of the category, their choices, and every one that it needs; interfaces are not asked the latter.
    fn questions(&self, category: Option<&Category>) -> Result<(), No> {
        let asked = category.map(|c| c.attributes.as_slice()).unwrap_or_default();
        for (code, answer) in &self.attributes {
            let given = || No::UnknownQuestion { given: kernel::refusal::clip(&format!("{code}: {answer}")) };
            let question = asked.iter().find(|q| q.code.as_str() == code).ok_or_else(given)?;
            let listed = |part: &str| question.values.iter().any(|choice| choice.key.as_str() == part.trim());
            if answer.chars().count() > MAX_ANSWER
                || (question.datatype.is_list() && !answer.split(',').all(listed))
            {
                return Err(given());
            }
        }
        let open = asked.iter().find(|q| q.required && !self.attributes.contains_key(q.code.as_str()));
        match open.filter(|_| matches!(self.channel, Channel::Portal | Channel::Phone | Channel::Open311)) {
            Some(q) => Err(No::QuestionOpen {
                code: q.code.to_string(),
                zh: q.name.zh.clone(),
                en: q.name.get(kernel::Lang::En).to_owned(),
            }),
            None => Ok(()),
        }
    }

    fn against(&self, book: &Playbook) -> Result<Option<UnitCode>, Fault> {
        let given = self.against.trim();
        if given.is_empty() {
            return Ok(None);
        }
        let code = UnitCode::parse("against", given)?;
        match book.unit(&code) {
            Some(_) => Ok(Some(code)),
            None => Err(No::UnknownUnit { given: kernel::refusal::clip(given) }.into()),
        }
    }

    fn place(&self, core: &Core, book: &Playbook) -> Result<PlaceRef, Fault> {
        let form = &self.place;
        let outside = |given: &str| Fault::from(No::OutsideDistrict { given: kernel::refusal::clip(given) });
        let unit = Some(form.unit.trim()).filter(|text| !text.is_empty()).map(|text| {
            let code = UnitCode::parse("place", text).map_err(|_| outside(text))?;
            let found = book.unit(&code).map(|unit| unit.kind);
            match found {
                Some(UnitKind::Street | UnitKind::Community | UnitKind::Grid) => Ok(code),
                _ => Err(outside(text)),
            }
        });
        let address = Some(masked_text(&form.address)).filter(|text| !text.trim().is_empty());
        if let Some(other) = address.as_deref().and_then(|text| other_district(text, &book.head.name.zh)) {
            return Err(outside(&other));
        }
        let point = match (form.lat, form.lon) {
            (Some(lat), Some(lon)) => {
                Some(Point::of(lat, lon).ok_or_else(|| outside(&format!("{lat}, {lon}")))?)
            }
            (None, None) => None,
            _ => return Err(outside("lat, lon")),
        };
        let frame = core.extras.get::<Frames>().and_then(|all| all.0.get(&book.head.district));
        let inside = |point| crate::facts::in_china(point) && frame.is_none_or(|frame| frame.holds(point));
        if let Some(point) = point
            && !inside(point)
        {
            return Err(outside(&format!("{:?}", point.degrees())));
        }
        let place = PlaceRef {
            unit: unit.transpose()?,
            address: address.map(|text| Title::parse("address", &text)).transpose()?,
            point,
        };
        if place == PlaceRef::default() && !form.unknown {
            return Err(No::NoPlace {}.into());
        }
        Ok(place)
    }
}
