//! Evidence bytes: small pictures and one-page documents that look like nothing real.
//!
//! A picture is a skyline in sixteen colours under a striped band, which says at a glance that it is made up. It is
//! written here because a picture crate for two hundred little files would be the largest dependency of the program:
//! rows are filtered against the row above, so that nearly all bytes are zero, and runs are packed with the fixed codes
//! of deflate (RFC 1951).

use crate::dice::Dice;

const WIDTH: usize = 320;
const HEIGHT: usize = 200;
/// Sky, haze, ground, buildings, water, stripes.
const PALETTE: [[u8; 3]; 16] = [
    [214, 228, 240],
    [198, 216, 232],
    [236, 233, 224],
    [150, 160, 172],
    [120, 132, 148],
    [176, 168, 152],
    [203, 190, 170],
    [92, 108, 128],
    [96, 140, 110],
    [140, 178, 148],
    [120, 160, 190],
    [90, 130, 165],
    [230, 180, 60],
    [40, 48, 60],
    [250, 250, 250],
    [196, 74, 58],
];

/// A picture as PNG bytes.
pub(crate) fn png(dice: &mut Dice) -> Vec<u8> {
    let mut header = Vec::new();
    for side in [WIDTH, HEIGHT] {
        header.extend(u32::try_from(side).unwrap_or(0).to_be_bytes());
    }
    // Four bits a pixel, palette, deflate, adaptive filters, not interlaced.
    header.extend([4, 3, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut out, b"IHDR", &header);
    chunk(&mut out, b"PLTE", PALETTE.as_flattened());
    chunk(&mut out, b"IDAT", &zlib(&rows(dice)));
    chunk(&mut out, b"IEND", &[]);
    out
}

/// A document of one page as PDF bytes.
pub(crate) fn pdf(number: usize) -> Vec<u8> {
    let page = format!(
        "BT /F1 18 Tf 72 760 Td (SIMULATED EVIDENCE No. {number:04}) Tj 0 -28 Td /F1 11 Tf \
         (Made by the simulator of Guandu. It proves nothing and names nobody.) Tj ET"
    );
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (object, n) in objects.iter().zip(1..) {
        places.push(out.len());
        out.push_str(&format!("{n} 0 obj\n{object}\nendobj\n"));
    }
    let table = out.len();
    out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        out.push_str(&format!("{place:010} 00000 n \n"));
    }
    let size = objects.len() + 1;
    out.push_str(&format!("trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
    out.into_bytes()
}

/// The filtered rows of a skyline.
fn rows(dice: &mut Dice) -> Vec<u8> {
    let horizon = usize::try_from(dice.between(110, 140)).unwrap_or(120);
    let ground = u8::try_from(dice.between(8, 11)).unwrap_or(9);
    // Buildings on a raster of 20 pixels: top and colour.
    let blocks: Vec<(usize, u8)> = (0..WIDTH / 20)
        .map(|_| {
            let top = horizon.saturating_sub(usize::try_from(dice.between(0, 90)).unwrap_or(0));
            (top, u8::try_from(dice.between(3, 7)).unwrap_or(3))
        })
        .collect();
    let colour = |x: usize, y: usize| -> u8 {
        let block = blocks.get(x / 20).copied().unwrap_or((horizon, 3));
        match y {
            180.. if ((x + y) / 8).is_multiple_of(2) => 12,
            180.. => 13,
            _ if y >= horizon => ground,
            _ if y >= block.0 && y % 12 > 7 && x % 10 > 5 => 14,
            _ if y >= block.0 => block.1,
            _ if y * 2 > horizon => 1,
            _ => 0,
        }
    };
    let mut out = Vec::with_capacity((WIDTH / 2 + 1) * HEIGHT);
    let mut above = vec![0_u8; WIDTH / 2];
    for y in 0..HEIGHT {
        let row: Vec<u8> = (0..WIDTH / 2).map(|i| (colour(2 * i, y) << 4) | colour(2 * i + 1, y)).collect();
        out.push(2);
        out.extend(row.iter().zip(&above).map(|(now, up)| now.wrapping_sub(*up)));
        above = row;
    }
    out
}

/// Deflate's output: bits fill bytes from the low end.
#[derive(Default)]
struct Bits {
    out: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    /// The low `n` bits of `value`, low end first.
    fn put(&mut self, value: u32, n: u32) {
        self.held |= value << self.count;
        self.count += n;
        while self.count >= 8 {
            let [low, ..] = self.held.to_le_bytes();
            self.out.push(low);
            self.held >>= 8;
            self.count -= 8;
        }
    }
    /// A Huffman code of `n` bits, which goes in high end first.
    fn code(&mut self, value: u32, n: u32) {
        self.put(value.reverse_bits() >> (32 - n), n);
    }
    /// A symbol of the fixed literal and length code.
    fn symbol(&mut self, s: u32) {
        match s {
            0..=143 => self.code(0x30 + s, 8),
            144..=255 => self.code(0x190 + s - 144, 9),
            256..=279 => self.code(s - 256, 7),
            _ => self.code(0xc0 + s - 280, 8),
        }
    }
}

/// One block with fixed codes; runs of one byte become matches at distance 1 of length 10 or 258.
fn zlib(data: &[u8]) -> Vec<u8> {
    let mut bits = Bits { out: vec![0x78, 0x01], ..Bits::default() };
    bits.put(1, 1);
    bits.put(1, 2);
    let mut rest = data;
    while let Some((first, tail)) = rest.split_first() {
        bits.symbol(u32::from(*first));
        let mut run = tail.iter().take_while(|b| *b == first).count();
        rest = tail.get(run..).unwrap_or_default();
        while run >= 258 {
            bits.symbol(285);
            bits.code(0, 5);
            run -= 258;
        }
        while run >= 10 {
            bits.symbol(264);
            bits.code(0, 5);
            run -= 10;
        }
        for _ in 0..run {
            bits.symbol(u32::from(*first));
        }
    }
    bits.symbol(256);
    bits.put(0, 7);
    bits.out.extend(adler(data).to_be_bytes());
    bits.out
}

fn adler(data: &[u8]) -> u32 {
    let (a, b) = data.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    (b << 16) | a
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    out.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    let body: Vec<u8> = kind.iter().chain(data).copied().collect();
    out.extend(&body);
    out.extend(crc(&body).to_be_bytes());
}

fn crc(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 })
    })
}
