-- 恢复码: one-time codes that stand in for a lost phone. Only a keyed hash is kept.
create table recovery_code (
  district integer not null,
  person text not null,
  print text not null,
  made_at bigint not null,
  used_at bigint,
  primary key (district, person, print)
) CLUSTERED;
select app_distribute('recovery_code', 'district', 'event');
