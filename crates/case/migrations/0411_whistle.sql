-- 吹哨报到: one row a whistle under the id of its duty, one row a department that was called under the id of its part.
-- Columns are what boards filter and order by; the whole is in body.
create table whistle_item (
  district integer not null,
  id text not null,
  no text not null,
  title text not null,
  stage text not null,
  open integer not null,
  kind text,
  street text not null,
  place text not null,
  registrar text not null,
  patron text,
  lead text,
  calls integer not null,
  misses integer not null,
  escalated integer not null,
  quarterly bigint,
  ripe integer not null,
  raised_at bigint not null,
  sounded_at bigint,
  ended_at bigint,
  rev bigint not null,
  updated_at bigint not null,
  body text not null,
  primary key (district, id)
);
select app_distribute('whistle_item', 'district', 'event');
create index whistle_street on whistle_item (district, street, id);
create index whistle_open on whistle_item (district, open, id);
create index whistle_sounded on whistle_item (district, sounded_at) where sounded_at is not null;
create index whistle_ripe on whistle_item (district, id) where ripe = 1;
create index whistle_quarterly on whistle_item (district, quarterly) where quarterly is not null;

create table whistle_call (
  district integer not null,
  duty text not null,
  whistle text not null,
  unit text not null,
  lead integer not null,
  active integer not null,
  called_at bigint not null,
  misses integer not null,
  missed_at bigint,
  watch_at bigint,
  primary key (district, duty)
);
select app_distribute('whistle_call', 'district', 'event');
create index whistle_call_of on whistle_call (district, whistle);
create index whistle_call_unit on whistle_call (district, unit, whistle) where active = 1;
create index whistle_call_watch on whistle_call (district, watch_at) where watch_at is not null;
create index whistle_call_missed on whistle_call (district, missed_at) where missed_at is not null;
