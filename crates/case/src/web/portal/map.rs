//! A drawn schematic of the district's streets: no survey, traced from no map product (published maps need an approval
//! number). It only helps to point; the list beside it says the same and works without a script.

use super::caller::Caller;
use base::web::ui::{Markup, html};
use kernel::UnitCode;

/// Code of a street, its shape, and where its name stands.
type Shape = (&'static str, &'static str, i32, i32);

/// The thirteen streets of the public division table (D§1.2); position and form are drawn, an example.
const STREETS: [Shape; 13] = [
    ("530111003", "M150 112L205 84L221 89L201 160L134 164z", 179, 126),
    ("530111002", "M112 250L122 218L134 164L201 160L230 206L221 227L146 255z", 169, 206),
    ("530111001", "M221 89L262 100L272 97L297 183L230 206L201 160z", 247, 149),
    ("530111004", "M272 97L322 84L356 70L376 177L332 197L297 183z", 327, 135),
    ("530111010", "M356 70L392 56L452 36L456 196L376 177z", 412, 117),
    ("530111005", "M320 309L264 302L221 227L230 206L297 183L332 197z", 283, 243),
    ("530111006", "M210 340L146 255L221 227L264 302z", 209, 280),
    ("530111008", "M186 393L152 352L128 306L108 264L112 250L146 255L210 340z", 158, 316),
    ("530111007", "M382 370L340 404L276 424L224 430L188 396L186 393L210 340L264 302L320 309z", 278, 368),
    ("530111402", "M486 222L446 262L426 312L392 362L382 370L320 309L332 197L376 177L456 196z", 392, 256),
    ("530111009", "M452 36L470 30L517 28L555 113L522 206L486 222L456 196z", 500, 126),
    ("530111011", "M517 28L556 26L632 62L643 102L555 113z", 579, 71),
    ("530111012", "M643 102L650 126L612 182L545 196L522 206L555 113z", 590, 149),
];

/// The map with one street marked; nothing for a district that is not drawn. Pointing sets the list named `place`.
pub(super) fn draw(caller: &Caller, chosen: &str) -> Markup {
    let t = caller.t();
    let name = |code: &str| {
        let code = UnitCode::parse("unit", code).ok().filter(|code| caller.book.unit(code).is_some())?;
        Some(short(&caller.unit(&code)))
    };
    let named: Vec<(Shape, String)> = STREETS.iter().filter_map(|s| Some((*s, name(s.0)?))).collect();
    if named.len() != STREETS.len() {
        return html! {};
    }
    html! {
        figure.smap {
            svg.gd-map viewBox="96 14 566 426" role="img" aria-label=(t.s("portal.where.map")) data-map="place" {
                @for ((code, path, _, _), _) in &named {
                    path.st.on[chosen.starts_with(code)] d=(path) data-street=(code) {}
                }
                @for ((_, _, x, y), name) in &named { text x=(x) y=(y) { (name) } }
            }
            figcaption.sub { (t.s("portal.where.drawn")) }
        }
    }
}

/// A street's name without its class word: the shapes are small.
fn short(name: &str) -> String {
    let name = name.split('(').next().unwrap_or(name).split('（').next().unwrap_or(name);
    let cut = name.trim_end_matches("街道").trim_end_matches(" Street");
    let cut = cut.replace("昆明经济技术开发区", "经开区").replace("Kunming Economic Zone", "Econ. Zone");
    cut.trim().to_owned()
}
