-- 责任: one table for everything that somebody owes. Columns are what lists filter and order by; the whole is in body.
create table duty (
  district integer not null,
  id text not null,
  no text not null,
  kind text not null,
  title text not null,
  state text not null,
  open integer not null,
  lead text,
  handler text,
  holder_unit text not null,
  holder_post text,
  patron text,
  registrar text not null,
  superintendent text,
  parent text,
  place text,
  list text,
  public integer not null,
  priority integer not null,
  due bigint not null,
  warn_at bigint not null,
  paused integer not null,
  awaiting integer not null,
  percent integer,
  round integer not null,
  rung integer not null,
  rung_at bigint,
  rev bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  body text not null,
  primary key (district, id)
);
select app_distribute('duty', 'district', 'event');
create unique index duty_no on duty (district, no) where no <> '';
create index duty_holder on duty (district, holder_unit, due, id) where open = 1;
create index duty_due on duty (district, due, id) where open = 1;
create index duty_registrar on duty (district, registrar, due, id) where open = 1;
create index duty_patron on duty (district, patron, due, id) where open = 1 and patron is not null;
create index duty_parent on duty (district, parent) where parent is not null;
create index duty_rung_at on duty (district, rung_at, id) where rung_at is not null;
create index duty_kind on duty (district, kind, no) where list is not null;

create table duty_rung (
  district integer not null,
  duty text not null,
  round integer not null,
  rung integer not null,
  at bigint not null,
  posts text not null,
  primary key (district, duty, round, rung)
) CLUSTERED;
select app_distribute('duty_rung', 'district', 'event');
create index duty_rung_when on duty_rung (district, at);
