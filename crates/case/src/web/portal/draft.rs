//! What a visitor typed so far. It travels in the form, sealed: nothing is kept of who never files, a second window is
//! a second draft, and nobody but this program can read or change what stands in a hidden field.

use super::caller::Caller;
use super::photos::Photo;
use crate::model::{Contact, NewCase, PlaceForm};
use base::vault::Spot;
use base::web::form::Fields;
use base::{Fault, Outcome};
use kernel::cases::Channel;
use serde::{Deserialize, Serialize};

/// How the petitioner wishes to be treated; the safe one stands chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Privacy {
    /// Only the hotline may see the phone.
    #[default]
    Confidential,
    /// The handler may see it too.
    Open,
    /// No phone.
    Anonymous,
}

impl Privacy {
    /// In the order of the form.
    pub(crate) const ALL: [Privacy; 3] = [Privacy::Confidential, Privacy::Open, Privacy::Anonymous];
    /// The value of the form.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Privacy::Open => "open",
            Privacy::Confidential => "confidential",
            Privacy::Anonymous => "anonymous",
        }
    }
    fn from_code(code: &str) -> Privacy {
        Privacy::ALL.into_iter().find(|p| p.code() == code).unwrap_or_default()
    }
}

/// A draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Draft {
    /// Drawn at the first step; with the words it is what makes a double tap one filing.
    pub(crate) nonce: String,
    /// The words.
    pub(crate) text: String,
    /// A category's code; empty leaves it to the dispatcher.
    pub(crate) category: String,
    /// Photographs.
    pub(crate) photos: Vec<Photo>,
    /// Code of a street or community; `unknown` when the visitor does not know.
    pub(crate) place: String,
    /// Road, number, estate.
    pub(crate) address: String,
    /// How to be called.
    pub(crate) name: String,
    /// Telephone.
    pub(crate) phone: String,
    /// Privacy.
    pub(crate) privacy: Privacy,
    /// Emergency lines and suggestions were shown for these words.
    pub(crate) seen: bool,
}

/// The value of the list of places for who does not know.
pub(super) const UNKNOWN: &str = "unknown";

fn spot(caller: &Caller) -> Spot<'static> {
    Spot::new("portal.draft", caller.district, "form")
}

impl Draft {
    /// The draft of a form; a new one when the form has none or it is not ours any more.
    pub(crate) fn of(caller: &Caller, fields: &Fields) -> Draft {
        let opened = fields.given("state").and_then(|sealed| {
            let plain = caller.app.vault().open(&spot(caller), sealed).ok()?;
            serde_json::from_str(&plain).ok()
        });
        opened.unwrap_or_default()
    }
    /// What stands in the hidden field.
    pub(crate) fn seal(&self, caller: &Caller) -> Outcome<String> {
        let plain = serde_json::to_string(self)?;
        caller.app.vault().seal(&spot(caller), &plain).map_err(Fault::from)
    }
    /// Takes over what the form of a step holds.
    pub(crate) fn take(&mut self, caller: &Caller, step: u8, fields: &Fields) {
        if self.nonce.is_empty() {
            self.nonce = base::hex(&caller.app.ids.bytes::<12>());
        }
        let text = |name: &str| fields.text(name).trim().to_owned();
        match step {
            1 => {
                let words = text("text");
                // Other words may mean another danger.
                self.seen = fields.text("seen") == "1" && (self.text.is_empty() || self.text == words);
                self.text = words;
                self.category = match fields.text("pick") {
                    "none" => String::new(),
                    "" | "list" => text("category"),
                    picked => picked.to_owned(),
                };
            }
            2 => {
                self.place = text("place");
                self.address = text("address");
                self.name = text("name");
                self.phone = text("phone");
                self.privacy = Privacy::from_code(fields.text("privacy"));
            }
            _ => {}
        }
    }
    /// The case as it would be filed, without its files.
    pub(crate) fn case(&self) -> NewCase {
        let unknown = self.place == UNKNOWN;
        let unit = if unknown { String::new() } else { self.place.clone() };
        let anonymous = self.privacy == Privacy::Anonymous;
        let contact = Contact { name: self.name.clone(), phone: self.phone.clone(), ..Contact::default() };
        NewCase {
            category: self.category.clone(),
            place: PlaceForm { unit, address: self.address.clone(), unknown, ..PlaceForm::default() },
            contact: if anonymous { Contact::default() } else { contact },
            anonymous,
            confidential: self.privacy == Privacy::Confidential,
            ..NewCase::new(Channel::Portal, &self.text)
        }
    }
}

/// The step whose form holds a field of a refusal; the last for what belongs to none.
pub(super) fn step_of(field: Option<&str>) -> u8 {
    match field {
        Some("text" | "title" | "category" | "kind" | "attachments" | "photo" | "file") => 1,
        Some("place" | "address" | "phone" | "name" | "email" | "privacy") => 2,
        _ => 3,
    }
}
