BEGIN TRANSACTION;
CREATE TABLE accounts (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE ("key")
);
INSERT INTO "accounts" VALUES(1,'anna');
CREATE TABLE albums (
	id INTEGER NOT NULL, 
	"key" BIGINT NOT NULL, 
	name TEXT NOT NULL, 
	artist TEXT, 
	uri TEXT, 
	PRIMARY KEY (id), 
	UNIQUE ("key")
);
INSERT INTO "albums" VALUES(1,-6694574619718910851,'The Album','Nina Simone','spotify:album:1');
CREATE TABLE artists (
	id INTEGER NOT NULL, 
	"key" BIGINT NOT NULL, 
	name TEXT NOT NULL, 
	uri TEXT, 
	PRIMARY KEY (id), 
	UNIQUE ("key")
);
INSERT INTO "artists" VALUES(1,-1615517688609274801,'Nina Simone','spotify:artist:NinaSimone');
CREATE TABLE changes (
	id INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	account INTEGER NOT NULL, 
	who TEXT, 
	door TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	data TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(account) REFERENCES accounts (id)
);
CREATE TABLE contexts (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT, 
	PRIMARY KEY (id), 
	UNIQUE ("key")
);
INSERT INTO "contexts" VALUES(1,'spotify:playlist:37i9dQZF1DX0','Morning mix');
CREATE TABLE covers (
	account INTEGER NOT NULL, 
	since BIGINT NOT NULL, 
	until BIGINT NOT NULL, 
	PRIMARY KEY (account, since), 
	FOREIGN KEY(account) REFERENCES accounts (id)
)
 WITHOUT ROWID

;
INSERT INTO "covers" VALUES(1,1772395780000,1772395780000);
CREATE TABLE credits (
	item INTEGER NOT NULL, 
	place SMALLINT NOT NULL, 
	artist INTEGER NOT NULL, 
	PRIMARY KEY (item, place), 
	FOREIGN KEY(item) REFERENCES items (id), 
	FOREIGN KEY(artist) REFERENCES artists (id)
)
 WITHOUT ROWID

;
INSERT INTO "credits" VALUES(1,0,1);
INSERT INTO "credits" VALUES(2,0,1);
CREATE TABLE deletions (
	id INTEGER NOT NULL, 
	account INTEGER NOT NULL, 
	item INTEGER, 
	since BIGINT NOT NULL, 
	until BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(account) REFERENCES accounts (id), 
	FOREIGN KEY(item) REFERENCES items (id)
);
CREATE TABLE imports (
	id INTEGER NOT NULL, 
	account INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	began BIGINT NOT NULL, 
	ended BIGINT, 
	token TEXT, 
	done INTEGER NOT NULL, 
	total INTEGER NOT NULL, 
	added INTEGER NOT NULL, 
	known INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(account) REFERENCES accounts (id)
);
CREATE TABLE items (
	id INTEGER NOT NULL, 
	uri TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	work INTEGER NOT NULL, 
	name TEXT, 
	name_key BIGINT, 
	album INTEGER, 
	duration_ms BIGINT, 
	isrc TEXT, 
	missing_at BIGINT, 
	PRIMARY KEY (id), 
	UNIQUE (uri), 
	FOREIGN KEY(album) REFERENCES albums (id)
);
INSERT INTO "items" VALUES(1,'spotify:track:0000000000000000000001','track',1,'Song 1',-1535537723404411834,1,180000,NULL,NULL);
INSERT INTO "items" VALUES(2,'spotify:track:0000000000000000000002','track',2,'Song 2',-3975762807546349621,1,180000,NULL,NULL);
CREATE TABLE likes (
	account INTEGER NOT NULL, 
	item INTEGER NOT NULL, 
	added_at BIGINT, 
	PRIMARY KEY (account, item), 
	FOREIGN KEY(account) REFERENCES accounts (id), 
	FOREIGN KEY(item) REFERENCES items (id)
)
 WITHOUT ROWID

;
CREATE TABLE meta (
	version INTEGER NOT NULL
);
INSERT INTO "meta" VALUES(1);
CREATE TABLE plays (
	account INTEGER NOT NULL, 
	started BIGINT NOT NULL, 
	item INTEGER NOT NULL, 
	ordinal INTEGER NOT NULL, 
	listened BIGINT NOT NULL, 
	paused BIGINT NOT NULL, 
	skipped SMALLINT, 
	heard SMALLINT NOT NULL, 
	sources SMALLINT NOT NULL, 
	estimated SMALLINT NOT NULL, 
	speaker INTEGER, 
	context INTEGER, 
	PRIMARY KEY (account, started, item, ordinal)
)
 WITHOUT ROWID

;
INSERT INTO "plays" VALUES(1,1772395200000,1,0,180000,0,0,1,1,0,1,1);
INSERT INTO "plays" VALUES(1,1772395600000,2,0,180000,0,NULL,1,2,3,NULL,1);
CREATE TABLE reasons (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE ("key")
);
INSERT INTO "reasons" VALUES(1,'trackdone');
INSERT INTO "reasons" VALUES(2,'fwdbtn');
INSERT INTO "reasons" VALUES(3,'backbtn');
CREATE TABLE sightings (
	account INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	item INTEGER NOT NULL, 
	source SMALLINT NOT NULL, 
	position INTEGER NOT NULL, 
	late BIGINT NOT NULL, 
	means SMALLINT NOT NULL, 
	listened BIGINT, 
	lasted BIGINT, 
	length BIGINT, 
	skipped SMALLINT, 
	reason_start INTEGER, 
	reason_end INTEGER, 
	shuffle SMALLINT, 
	offline SMALLINT, 
	offline_since BIGINT, 
	speaker INTEGER, 
	context INTEGER, 
	PRIMARY KEY (account, at, item, source, position, late), 
	FOREIGN KEY(account) REFERENCES accounts (id)
)
 WITHOUT ROWID

;
INSERT INTO "sightings" VALUES(1,1772395200000,1,1,0,0,0,180000,180000,NULL,0,NULL,1,NULL,NULL,NULL,1,1);
INSERT INTO "sightings" VALUES(1,1772395780000,2,2,0,0,2,NULL,NULL,180000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1);
CREATE TABLE slots (
	account INTEGER NOT NULL, 
	slot INTEGER NOT NULL, 
	starts INTEGER NOT NULL, 
	plays INTEGER NOT NULL, 
	skips INTEGER NOT NULL, 
	listened BIGINT NOT NULL, 
	PRIMARY KEY (account, slot)
)
 WITHOUT ROWID

;
INSERT INTO "slots" VALUES(1,984664,2,2,0,360000);
CREATE TABLE speakers (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE ("key")
);
INSERT INTO "speakers" VALUES(1,'speaker-1','Kitchen');
CREATE TABLE totals (
	account INTEGER NOT NULL, 
	item INTEGER NOT NULL, 
	starts INTEGER NOT NULL, 
	plays INTEGER NOT NULL, 
	skips INTEGER NOT NULL, 
	listened BIGINT NOT NULL, 
	first BIGINT NOT NULL, 
	PRIMARY KEY (account, item)
)
 WITHOUT ROWID

;
INSERT INTO "totals" VALUES(1,1,1,1,0,180000,1772395200000);
INSERT INTO "totals" VALUES(1,2,1,1,0,180000,1772395600000);
CREATE INDEX ix_plays_item ON plays (account, item, started);
CREATE INDEX ix_items_name_key ON items (name_key);
CREATE INDEX ix_items_isrc ON items (isrc);
CREATE INDEX ix_items_work ON items (work);
CREATE INDEX ix_changes_at ON changes (at);
CREATE INDEX ix_credits_artist ON credits (artist);
CREATE VIEW told AS SELECT * FROM plays;
CREATE TRIGGER told_added INSTEAD OF INSERT ON told BEGIN INSERT INTO plays VALUES (NEW.account, NEW.started, NEW.item, NEW.ordinal, NEW.listened, NEW.paused, NEW.skipped, NEW.heard, NEW.sources, NEW.estimated, NEW.speaker, NEW.context); INSERT INTO slots VALUES (NEW.account, NEW.started / 1800000, 1, NEW.heard, coalesce(NEW.skipped, 0), NEW.listened) ON CONFLICT (account, slot) DO UPDATE SET starts = slots.starts + excluded.starts, plays = slots.plays + excluded.plays, skips = slots.skips + excluded.skips, listened = slots.listened + excluded.listened; INSERT INTO totals VALUES (NEW.account, NEW.item, 1, NEW.heard, coalesce(NEW.skipped, 0), NEW.listened, NEW.started) ON CONFLICT (account, item) DO UPDATE SET starts = totals.starts + excluded.starts, plays = totals.plays + excluded.plays, skips = totals.skips + excluded.skips, listened = totals.listened + excluded.listened, first = CASE WHEN excluded.first < totals.first THEN excluded.first ELSE totals.first END; END;
COMMIT;
