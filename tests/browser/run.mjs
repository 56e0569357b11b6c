// Journeys in headless Chromium: every page in both languages, light and dark, desktop and phone. Fails on a console
// error, a broken policy, sideways scroll, or an axe violation (WCAG 2.1 A and AA).
//
//   node run.mjs PROGRAM            runs the demo in a temporary folder and visits it
//   SHOTS=dir node run.mjs PROGRAM  also keeps a screenshot of every visit
import { chromium } from 'playwright-core';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = process.argv[2];
const until = process.env.UNTIL ?? '2019-02-20';
const shots = process.env.SHOTS;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let passed = 0;
const failures = [];

function check(good, text) {
  if (good) passed += 1;
  else { failures.push(text); console.error(`FAIL ${text}`); }
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

async function ready(url) {
  for (let i = 0; i < 1200; i += 1) {
    try { if ((await fetch(url)).ok) return; } catch { /* not yet */ }
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error('the demo did not start within five minutes');
}

const dir = mkdtempSync(join(tmpdir(), 'guandu-browser-'));
const filled = spawnSync(program, ['demo', '--dir', join(dir, 'data'), '--until', until, '--no-serve'], { stdio: 'inherit' });
if (filled.status !== 0) { console.error('the demo could not be filled'); process.exit(1); }
const port = await freePort();
const base = `http://127.0.0.1:${port}`;
const server = spawn(program, ['demo', '--dir', join(dir, 'data'), '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'inherit'] });
process.on('exit', () => { server.kill(); rmSync(dir, { recursive: true, force: true }); });
await ready(`${base}/healthz`);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// axe needs eval-free injection, which our policy forbids for pages: it is evaluated by the debugger instead.
async function audit(page, label) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
  for (const v of found.violations) check(false, `${label}: ${v.id} (${v.impact}) ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`);
  if (found.violations.length === 0) passed += 1;
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(wide <= 0, `${label}: ${wide} px of sideways scroll`);
}

async function context({ lang, theme, phone }) {
  const viewport = phone ? { width: 390, height: 844 } : { width: 1440, height: 900 };
  const c = await browser.newContext({ viewport, deviceScaleFactor: phone ? 2 : 1, colorScheme: theme, locale: lang });
  await c.addCookies([{ name: 'gd_lang', value: lang, url: base }, { name: 'gd_theme', value: theme, url: base }]);
  return c;
}

function watch(page, label) {
  page.on('console', (m) => { if (m.type() === 'error') check(false, `${label()}: console: ${m.text()}`); });
  page.on('pageerror', (e) => check(false, `${label()}: script: ${e.message}`));
}

async function signIn(page, login) {
  await page.goto(`${base}/sign-in`);
  await page.locator(`form:has(input[name=login][value="${login}"]) button[type=submit]`).first().click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

async function visit(page, path, name, variant) {
  const response = await page.goto(base + path);
  check(response.status() < 400, `${name} answered ${response.status()}`);
  await page.waitForLoadState('load');
  await audit(page, `${name} ${variant}`);
  if (shots) {
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `${name}-${variant}.png`), fullPage: true });
  }
}

async function firstLink(page, path, pattern) {
  await page.goto(base + path);
  const links = await page.$$eval('a[href]', (list) => list.map((a) => a.getAttribute('href')));
  return links.find((href) => pattern.test(href));
}

const logins = JSON.parse(process.env.LOGINS ?? '{"director":"zfb.supervision","handler":"zjj.handler","security":"qwb.security-admin"}');
const wanted = [
  ['/', 'cockpit'], ['/inbox', 'inbox'], ['/plan', 'plan'], ['/plan/Q-01', 'item'], ['/duties', 'duties'], ['/duties/new', 'register'],
  ['/ledger', 'ledger'], ['/methods', 'methods'], ['/units', 'units'], ['/mandates', 'mandates'], ['/policy', 'policy'], ['/notices', 'notices'],
  ['/account', 'account'], ['/screen', 'screen'], ['/plan/changes', 'changes'], ['/rates', 'rates'], ['/cases/unit', 'unit-board'], ['/cases/hot', 'hot'], ['/topics', 'topics'], ['/topics/new', 'topic-new'], ['/whistles', 'whistles'], ['/whistles/board', 'whistle-board'], ['/search?q=%E6%95%B4%E6%B2%BB', 'search'],
];
const variants = [
  { lang: 'zh-CN', theme: 'light', phone: false }, { lang: 'zh-CN', theme: 'dark', phone: false },
  { lang: 'zh-CN', theme: 'light', phone: true }, { lang: 'en', theme: 'light', phone: false }, { lang: 'en', theme: 'dark', phone: true },
];

for (const v of variants) {
  const variant = `${v.lang === 'en' ? 'en' : 'zh'}-${v.theme}-${v.phone ? 'phone' : 'desktop'}`;
  const c = await context(v);
  const page = await c.newPage();
  let at = 'sign-in';
  watch(page, () => `${at} ${variant}`);
  await visit(page, '/sign-in', 'sign-in', variant);
  await signIn(page, logins.director);
  for (const [path, name] of wanted) {
    if (name === 'screen' && v.phone) continue;
    at = name;
    await visit(page, path, name, variant);
  }
  at = 'duty';
  const duty = await firstLink(page, '/duties', /^\/d\/[0-9a-f-]{36}/);
  check(Boolean(duty), `duties ${variant}: no link to a duty`);
  if (duty) await visit(page, duty, 'duty', variant);
  // The demo may have no whistle yet.
  at = 'whistle';
  const whistle = await firstLink(page, '/whistles?all=1', /^\/w\/[0-9a-f-]{36}$/);
  if (whistle) await visit(page, whistle, 'whistle', variant);
  at = 'unit';
  await visit(page, '/units/zjj', 'unit', variant);
  await c.close();
}

// A person's way: sign for what waits, report progress, see it in the duty's history. Works without JavaScript as well.
for (const javaScriptEnabled of [true, false]) {
  const label = javaScriptEnabled ? 'with script' : 'without script';
  const c = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled });
  const page = await c.newPage();
  await signIn(page, logins.handler);
  await page.goto(`${base}/inbox`);
  check((await page.locator('h1').count()) === 1, `inbox ${label}: one h1`);
  const opened = await page.locator('a[href^="/d/"]').first().getAttribute('href').catch(() => null);
  check(Boolean(opened), `inbox ${label}: a duty to open`);
  if (opened) {
    const answer = await page.goto(base + opened);
    check(answer.status() === 200, `duty ${label} answered ${answer.status()}`);
  }
  await c.close();
}

// A resident's way: a phone, no account, with and without JavaScript; filed once, receipt, tracking, public lists.
const open = [
  ['/portal', 'portal'], ['/portal/file', 'portal-file'], ['/portal/track', 'portal-track'], ['/portal/public/rates', 'portal-rates'],
  ['/portal/public/deferred', 'portal-deferred'], ['/portal/public/exclusions', 'portal-exclusions'], ['/portal/public/hot', 'portal-hot'], ['/portal/about', 'portal-about'],
];
for (const v of [...variants, { lang: 'zh-CN', theme: 'dark', phone: true }, { lang: 'en', theme: 'light', phone: true }]) {
  const variant = `${v.lang === 'en' ? 'en' : 'zh'}-${v.theme}-${v.phone ? 'phone' : 'desktop'}`;
  const c = await context(v);
  const page = await c.newPage();
  let at = 'portal';
  watch(page, () => `${at} ${variant}`);
  for (const [path, name] of open) { at = name; await visit(page, path, name, variant); }
  at = 'portal-map';
  await page.goto(`${base}/portal/file`);
  await page.fill('#text', '晚上路灯不亮，看不清路');
  await page.waitForSelector('#advice .opt');
  await page.locator('input[name=pick][value=none]').check();
  await page.locator('button[value=next]').click();
  await page.waitForSelector('#place');
  await page.locator('[data-street="530111001"]').click();
  check((await page.inputValue('#place')) === '530111001', `${variant}: pointing at the map sets the list`);
  await page.locator('#place').selectOption('530111002');
  check((await page.locator('[data-street="530111002"].on').count()) === 1, `${variant}: the list marks the map`);
  await audit(page, `portal-where ${variant}`);
  if (shots) await page.screenshot({ path: join(shots, `portal-where-${variant}.png`), fullPage: true });
  await c.close();
}
for (const javaScriptEnabled of [true, false]) {
  const label = javaScriptEnabled ? 'with script' : 'without script';
  const c = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, locale: 'zh-CN', javaScriptEnabled });
  const page = await c.newPage();
  await page.goto(`${base}/portal`);
  await page.fill('#text', '楼道里有煤气味，已经三天了');
  await page.locator('button[value=start]').click();
  check((await page.inputValue('#text')).includes('煤气味'), `portal ${label}: what was typed at home goes on`);
  check((await page.locator('.sosb a[href="tel:119"]').count()) > 0, `portal ${label}: danger shows 119 first`);
  if (shots) await page.screenshot({ path: join(shots, `portal-danger-${javaScriptEnabled ? 'js' : 'nojs'}.png`), fullPage: true });
  await page.locator('button[value=next]').click();
  await page.locator('#place').selectOption('530111001');
  await page.fill('#address', '示例小区3栋');
  await page.fill('#phone', '12');
  await page.locator('button[value=next]').click();
  check((await page.inputValue('#phone')) === '12' && (await page.inputValue('#address')) === '示例小区3栋', `portal ${label}: an error keeps what was typed`);
  check((await page.getAttribute('#phone', 'aria-invalid')) === 'true', `portal ${label}: the field in error says so`);
  await page.fill('#phone', '13800000000');
  await page.locator('button[value=next]').click();
  check((await page.locator('dl.rev').count()) === 1, `portal ${label}: the third step checks`);
  if (javaScriptEnabled) await audit(page, 'portal-check');
  if (shots) await page.screenshot({ path: join(shots, `portal-check-${javaScriptEnabled ? 'js' : 'nojs'}.png`), fullPage: true });
  await page.locator('button[value=file]').dblclick();
  await page.waitForURL(/receipt/);
  const code = (await page.locator('dd.code').innerText()).trim();
  check(/^[0-9A-Z]{8}$/.test(code), `portal ${label}: a query code of eight`);
  if (javaScriptEnabled) await audit(page, 'portal-receipt');
  if (shots) await page.screenshot({ path: join(shots, `portal-receipt-${javaScriptEnabled ? 'js' : 'nojs'}.png`), fullPage: true });
  const no = (await page.locator('.num2 dd').first().innerText()).trim();
  await page.goto(`${base}/portal/track`);
  await page.fill('#no', no);
  await page.fill('#code', code);
  await page.locator('form.ff button[type=submit]').click();
  await page.waitForURL(/\/t\//);
  check((await page.locator('.hold .who b').count()) === 1, `portal ${label}: the page says who holds it`);
  if (javaScriptEnabled) await audit(page, 'portal-case');
  if (shots) await page.screenshot({ path: join(shots, `portal-case-${javaScriptEnabled ? 'js' : 'nojs'}.png`), fullPage: true });
  await page.locator('#more summary').click();
  await page.fill('#w-sy', '今天味道更重');
  await page.locator('#more button[type=submit]').click();
  check((await page.locator('.note[role=status]').count()) === 1, `portal ${label}: more words are taken`);
  await page.locator('a[href$="/data"]').click();
  if (javaScriptEnabled) await audit(page, 'portal-data');
  if (shots) await page.screenshot({ path: join(shots, `portal-data-${javaScriptEnabled ? 'js' : 'nojs'}.png`), fullPage: true });
  await c.close();
}

// Where one may not go: a clear page, no data.
{
  const c = await browser.newContext();
  const page = await c.newPage();
  await page.goto(`${base}/plan`);
  check(new URL(page.url()).pathname === '/sign-in', 'a visitor is led to the sign-in page');
  const missing = await page.goto(`${base}/no-such-page`);
  check(missing.status() === 404, 'an unknown page answers 404');
  await c.close();
}

await browser.close();
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);
