-- 底座: what every area uses. Reference tables first, then the tenant tables (district first in every key).
create table district (
  district integer not null primary key,
  name text not null,
  created_at bigint not null
);
select app_distribute('district');

create table event (
  district integer not null,
  id text not null,
  seq bigint,
  at bigint not null,
  actor text not null,
  subject_kind text not null,
  subject text not null,
  rev bigint not null,
  kind text not null,
  version integer not null,
  body text not null,
  salt BYTES not null,
  leaf BYTES not null,
  primary key (district, id)
);
select app_distribute('event', 'district');
create unique index event_subject on event (district, subject, rev);
create unique index event_seq on event (district, seq) where seq is not null;
create index event_unsealed on event (district, id) where seq is null;

create table tile (
  district integer not null,
  level integer not null,
  idx bigint not null,
  width integer not null,
  data BYTES not null,
  primary key (district, level, idx)
);
select app_distribute('tile', 'district', 'event');

create table checkpoint (
  district integer not null,
  size bigint not null,
  at bigint not null,
  note text not null,
  primary key (district, size)
) CLUSTERED;
select app_distribute('checkpoint', 'district', 'event');

create table counter (
  district integer not null,
  name text not null,
  n bigint not null,
  primary key (district, name)
) CLUSTERED;
select app_distribute('counter', 'district', 'event');

create table tally (
  district integer not null,
  scope text not null,
  unit text not null,
  bucket bigint not null,
  n bigint not null,
  primary key (district, scope, unit, bucket)
) CLUSTERED;
select app_distribute('tally', 'district', 'event');

create table session (
  district integer not null,
  id text not null,
  person text not null,
  post text not null,
  csrf text not null,
  second_factor integer not null,
  created_at bigint not null,
  seen_at bigint not null,
  expires_at bigint not null,
  primary key (district, id)
) CLUSTERED;
select app_distribute('session', 'district', 'event');
create index session_person on session (district, person);

create table attempt (
  district integer not null,
  who text not null,
  n integer not null,
  since bigint not null,
  blocked_until bigint not null,
  primary key (district, who)
) CLUSTERED;
select app_distribute('attempt', 'district', 'event');

create table idem (
  district integer not null,
  actor text not null,
  name text not null,
  digest text not null,
  status integer not null,
  body text not null,
  at bigint not null,
  primary key (district, actor, name)
);
select app_distribute('idem', 'district', 'event');
create index idem_at on idem (district, at);

create table notice (
  district integer not null,
  post text not null,
  id text not null,
  subject text not null,
  stage text not null,
  zh text not null,
  en text not null,
  link text not null,
  at bigint not null,
  read_at bigint,
  primary key (district, post, id)
);
select app_distribute('notice', 'district', 'event');
create unique index notice_once on notice (district, post, subject, stage);
create index notice_unread on notice (district, post, at) where read_at is null;

create table outbox (
  district integer not null,
  id text not null,
  channel text not null,
  target text not null,
  kind text not null,
  body text not null,
  state text not null,
  attempts integer not null,
  next_at bigint not null,
  lease_until bigint not null,
  lease_by text not null,
  last_error text not null,
  created_at bigint not null,
  done_at bigint,
  primary key (district, id),
  constraint outbox_state check (state in ('waiting', 'sent', 'failed'))
);
select app_distribute('outbox', 'district', 'event');
create index outbox_due on outbox (district, next_at) where state = 'waiting';

create table webhook (
  district integer not null,
  id text not null,
  url text not null,
  secret text not null,
  kinds text not null,
  enabled integer not null,
  created_at bigint not null,
  failing_since bigint,
  primary key (district, id)
);
select app_distribute('webhook', 'district', 'event');

create table tick (
  district integer not null,
  name text not null,
  next_at bigint not null,
  lease_until bigint not null,
  lease_by text not null,
  runs bigint not null,
  last_ok bigint,
  last_error text not null,
  primary key (district, name)
) CLUSTERED;
select app_distribute('tick', 'district', 'event');

create table file (
  district integer not null,
  id text not null,
  sha256 text not null,
  size bigint not null,
  mime text not null,
  name text not null,
  shown_sha256 text not null,
  taken_at bigint,
  lat double precision,
  lon double precision,
  by_post text not null,
  at bigint not null,
  primary key (district, id)
);
select app_distribute('file', 'district', 'event');
create index file_sha on file (district, sha256);
create index file_shown on file (district, shown_sha256);

create table playbook (
  district integer not null,
  digest text not null,
  version text not null,
  from_day bigint not null,
  loaded_at bigint not null,
  files text not null,
  primary key (district, from_day, digest)
);
select app_distribute('playbook', 'district', 'event');

create table setting (
  district integer not null,
  name text not null,
  value text not null,
  primary key (district, name)
) CLUSTERED;
select app_distribute('setting', 'district', 'event');
