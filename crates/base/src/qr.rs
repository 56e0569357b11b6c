//! A QR code as inline markup: dark squares on white in both themes, because cameras want it so.

use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};

/// Draws `text` with `label` for those who do not see it; nothing when the text is too long for a code (about 2,300
/// bytes).
pub fn qr(text: &str, label: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return html! {} };
    let width = code.width();
    // The quiet zone that readers need is four modules wide.
    let side = width + 8;
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (at % width + 4, at / width + 4);
            path.push_str(&format!("M{x} {y}h1v1h-1z"));
        }
    }
    html! {
        svg.gd-qr role="img" aria-label=(label) width="176" height="176" viewBox={ "0 0 " (side) " " (side) }
            shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_code_has_its_three_corners_and_its_label() {
        let drawn = super::qr("otpauth://totp/x:y?secret=GEZDGNBVGY3TQOJQ", "code").into_string();
        assert!(drawn.contains("aria-label=\"code\"") && drawn.contains("M4 4h1v1h-1z"));
        assert_eq!(super::qr(&"x".repeat(5000), "code").into_string(), "");
    }
}
