CREATE FUNCTION public.case_is_placed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN UPDATE "case_in_sight" SET "stage" = CASE WHEN NEW."archived_at" IS NOT NULL AND NEW."ended_as" <> '' THEN 'shelved' WHEN NEW."archived_at" IS NOT NULL THEN 'archived' WHEN NEW."ended_as" <> '' THEN 'void' WHEN NEW."closed_at" IS NULL THEN 'open' ELSE 'closed' END WHERE "case" = NEW."id" AND "stage" <> CASE WHEN NEW."archived_at" IS NOT NULL AND NEW."ended_as" <> '' THEN 'shelved' WHEN NEW."archived_at" IS NOT NULL THEN 'archived' WHEN NEW."ended_as" <> '' THEN 'void' WHEN NEW."closed_at" IS NULL THEN 'open' ELSE 'closed' END; INSERT INTO "case_in_sight" ("jurisdiction", "who", "stage", "at", "case") SELECT NEW."jurisdiction" AS j, substr(NEW."residence", 1, n) AS who, CASE WHEN NEW."archived_at" IS NOT NULL AND NEW."ended_as" <> '' THEN 'shelved' WHEN NEW."archived_at" IS NOT NULL THEN 'archived' WHEN NEW."ended_as" <> '' THEN 'void' WHEN NEW."closed_at" IS NULL THEN 'open' ELSE 'closed' END AS stage, NEW."opened_at" AS at, NEW."id" AS c FROM (SELECT 2 AS n UNION ALL SELECT 4 AS n UNION ALL SELECT 6 AS n UNION ALL SELECT 9 AS n UNION ALL SELECT 12 AS n UNION ALL SELECT 15 AS n) AS levels WHERE n <= length(NEW."residence") AND n >= strpos(NEW."jurisdiction", '-') - 1 ON CONFLICT DO NOTHING; RETURN NULL; END $$;
CREATE FUNCTION public.case_is_seen() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO "case_in_sight" ("jurisdiction", "who", "stage", "at", "case") SELECT c."jurisdiction", NEW."unit", CASE WHEN c."archived_at" IS NOT NULL AND c."ended_as" <> '' THEN 'shelved' WHEN c."archived_at" IS NOT NULL THEN 'archived' WHEN c."ended_as" <> '' THEN 'void' WHEN c."closed_at" IS NULL THEN 'open' ELSE 'closed' END, c."opened_at", c."id" FROM "case" AS c WHERE c."id" = NEW."case" ON CONFLICT DO NOTHING; RETURN NULL; END $$;
CREATE FUNCTION public.event_is_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation'; END $$;
CREATE FUNCTION public.task_is_about_something() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM "case" WHERE "id" = NEW."case") AND (NEW."case" <> '' OR NEW."about" = '') THEN RAISE EXCEPTION 'FOREIGN KEY constraint failed: task.case' USING ERRCODE = 'foreign_key_violation'; END IF; RETURN NEW; END $$;
CREATE TABLE public.account (
    id text NOT NULL,
    login text NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    jurisdiction text NOT NULL,
    unit text NOT NULL,
    roles text NOT NULL,
    created_at bigint NOT NULL,
    division text NOT NULL,
    phone bytea,
    state text NOT NULL,
    failed_count bigint NOT NULL,
    locked_until bigint,
    must_change boolean NOT NULL,
    version bigint NOT NULL,
    password_set_at bigint
);
CREATE TABLE public.agenda_item (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    sitting text NOT NULL,
    "case" text NOT NULL,
    task text NOT NULL,
    turn bigint NOT NULL,
    n bigint NOT NULL,
    put_at bigint NOT NULL,
    status text NOT NULL,
    recused text NOT NULL,
    decision text NOT NULL,
    outcome text NOT NULL,
    votes_for bigint,
    votes_against bigint,
    words bytea NOT NULL,
    decided_at bigint,
    version bigint NOT NULL
);
CREATE TABLE public.alert (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    kind text NOT NULL,
    places text NOT NULL,
    steps text NOT NULL,
    unit text NOT NULL,
    residence text NOT NULL,
    release text NOT NULL,
    declared_at bigint NOT NULL,
    ended_at bigint,
    answers text NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT alert_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.amendment (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    person text NOT NULL,
    what text NOT NULL,
    made_at bigint NOT NULL,
    by text NOT NULL,
    unit text NOT NULL,
    about text NOT NULL,
    "on" text,
    field text NOT NULL,
    before bytea NOT NULL,
    after bytea NOT NULL,
    reason bytea NOT NULL,
    cites text NOT NULL,
    CONSTRAINT amendment_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.attachment (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    name bytea NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    by text NOT NULL,
    at bigint NOT NULL,
    submission text NOT NULL
);
CREATE TABLE public."case" (
    id text NOT NULL,
    number text NOT NULL,
    jurisdiction text NOT NULL,
    release text NOT NULL,
    flow text NOT NULL,
    state text NOT NULL,
    person text NOT NULL,
    residence text NOT NULL,
    registration text NOT NULL,
    opened_at bigint NOT NULL,
    urgency text NOT NULL,
    needs text NOT NULL,
    due_at bigint,
    due text,
    closed_at bigint,
    outcome text NOT NULL,
    parent text NOT NULL,
    version bigint NOT NULL,
    entered text NOT NULL,
    ended_as text NOT NULL,
    closed_from text NOT NULL,
    archived_at bigint,
    counts_from bigint,
    suspended_at bigint,
    decided text NOT NULL,
    CONSTRAINT case_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.case_in_sight (
    jurisdiction text NOT NULL,
    who text NOT NULL,
    stage text NOT NULL,
    at bigint NOT NULL,
    "case" text NOT NULL
);
CREATE TABLE public.change_set (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    title text NOT NULL,
    why bytea NOT NULL,
    base text NOT NULL,
    made_at bigint NOT NULL,
    made_by text NOT NULL,
    cites text NOT NULL,
    source text NOT NULL,
    status text NOT NULL,
    digest text NOT NULL,
    submitted_at bigint,
    submitted_by text NOT NULL,
    reviewed_at bigint,
    reviewed_by text NOT NULL,
    reviewed_digest text NOT NULL,
    reason bytea NOT NULL,
    effective_at bigint,
    published text NOT NULL,
    published_at bigint,
    published_by text NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE public.circular (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    kind text NOT NULL,
    unit text NOT NULL,
    release text NOT NULL,
    drafted_at bigint NOT NULL,
    drafted_by text NOT NULL,
    units text NOT NULL,
    told bytea NOT NULL,
    corrects text NOT NULL,
    status text NOT NULL,
    series text NOT NULL,
    year bigint,
    n bigint,
    number text NOT NULL,
    sha256 text NOT NULL,
    pages bigint NOT NULL,
    signed_by text NOT NULL,
    signed_at bigint,
    issued_at bigint,
    reason bytea NOT NULL,
    error bytea NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT circular_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.clue (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    submission text NOT NULL,
    "case" text NOT NULL,
    form text NOT NULL,
    source text NOT NULL,
    unit text NOT NULL,
    found_at bigint,
    entered_at bigint NOT NULL,
    in_time text NOT NULL,
    joined boolean NOT NULL,
    by text NOT NULL,
    person text NOT NULL,
    withdrawn_at bigint,
    asked_back_at bigint,
    receipt text NOT NULL,
    told bytea NOT NULL,
    phone_index text
);
CREATE TABLE public.correction (
    id text NOT NULL,
    "case" text NOT NULL,
    clue text NOT NULL,
    before text NOT NULL,
    submission text NOT NULL,
    at bigint NOT NULL,
    fields text NOT NULL,
    acted boolean NOT NULL
);
CREATE TABLE public.delivery (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    feed text NOT NULL,
    unit text NOT NULL,
    "to" text NOT NULL,
    by text NOT NULL,
    name bytea NOT NULL,
    sha256 text NOT NULL,
    size bigint NOT NULL,
    release text NOT NULL,
    received_at bigint NOT NULL,
    owed text NOT NULL,
    status text NOT NULL,
    head bytea NOT NULL,
    counts text NOT NULL,
    error bytea NOT NULL,
    handed_at bigint,
    taken_by text NOT NULL,
    ended_at bigint,
    version bigint NOT NULL,
    CONSTRAINT delivery_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.deputy (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    account text NOT NULL,
    deputy text NOT NULL,
    since_on text NOT NULL,
    until_on text NOT NULL,
    named_by text NOT NULL,
    named_at bigint NOT NULL,
    ended_at bigint
);
CREATE TABLE public.dispatch (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    "case" text NOT NULL,
    state text NOT NULL,
    proposed text NOT NULL,
    proposed_at bigint NOT NULL,
    status text NOT NULL,
    confirmed text,
    decided_at bigint,
    decided_by text NOT NULL,
    version bigint NOT NULL,
    unit text NOT NULL
);
CREATE TABLE public.draft_comment (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    change_set text NOT NULL,
    at bigint NOT NULL,
    by text NOT NULL,
    line text NOT NULL,
    text bytea NOT NULL,
    digest text NOT NULL
);
CREATE TABLE public.draft_edit (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    change_set text NOT NULL,
    at bigint NOT NULL,
    by text NOT NULL,
    path text NOT NULL,
    command text NOT NULL,
    said text NOT NULL,
    before text NOT NULL,
    was_gone boolean NOT NULL,
    undone boolean NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE public.draft_file (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    change_set text NOT NULL,
    path text NOT NULL,
    text text NOT NULL,
    gone boolean NOT NULL,
    base_digest text NOT NULL,
    edited_at bigint NOT NULL,
    edited_by text NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE public.draft_trial (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    change_set text NOT NULL,
    gate text NOT NULL,
    digest text NOT NULL,
    at bigint NOT NULL,
    passed boolean NOT NULL,
    said text NOT NULL,
    told text NOT NULL
);
CREATE TABLE public.drawing (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    duty text NOT NULL,
    unit text NOT NULL,
    every text NOT NULL,
    begins_on text NOT NULL,
    period text NOT NULL,
    release text NOT NULL,
    drawn_at bigint NOT NULL,
    seed text NOT NULL,
    digest text NOT NULL,
    population bigint NOT NULL,
    minimum bigint NOT NULL,
    lots bytea NOT NULL,
    strata bytea NOT NULL,
    drawn text NOT NULL,
    first text,
    last text,
    CONSTRAINT drawing_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.duty_period (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    duty text NOT NULL,
    unit text NOT NULL,
    "to" text NOT NULL,
    residence text NOT NULL,
    every text NOT NULL,
    begins_on text NOT NULL,
    release text NOT NULL,
    opened_at bigint NOT NULL,
    status text NOT NULL,
    answers text NOT NULL,
    ended_at bigint,
    version bigint NOT NULL,
    alert text NOT NULL,
    turn bigint NOT NULL,
    receivers bigint NOT NULL,
    CONSTRAINT duty_period_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.entitlement (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    person text NOT NULL,
    programme text NOT NULL,
    state text NOT NULL,
    since text NOT NULL,
    decided_at bigint NOT NULL,
    unit text NOT NULL,
    until text,
    cents bigint,
    members bigint NOT NULL,
    "case" text NOT NULL,
    task text NOT NULL,
    submission text NOT NULL,
    source text NOT NULL,
    release text NOT NULL,
    household text NOT NULL,
    follows text NOT NULL,
    reason bytea NOT NULL,
    cites text NOT NULL,
    withdrawn_at bigint,
    version bigint NOT NULL,
    CONSTRAINT entitlement_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.event (
    n bigint NOT NULL,
    id text NOT NULL,
    at bigint NOT NULL,
    jurisdiction text NOT NULL,
    name text NOT NULL,
    "case" text NOT NULL,
    task text NOT NULL,
    actor text NOT NULL,
    actor_name text NOT NULL,
    unit text NOT NULL,
    data text NOT NULL,
    rule text NOT NULL,
    "row" text NOT NULL,
    cites text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL,
    place bigint NOT NULL,
    typed bytea NOT NULL
);
CREATE SEQUENCE public.event_n
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.factor (
    account text NOT NULL,
    jurisdiction text NOT NULL,
    wanted_at bigint,
    secret bytea NOT NULL,
    pending bytea NOT NULL,
    last_step bigint NOT NULL,
    recovery bytea NOT NULL,
    bound_at bigint,
    reset_at bigint,
    reset_by text NOT NULL
);
CREATE TABLE public.figure (
    jurisdiction text NOT NULL,
    indicator text NOT NULL,
    every text NOT NULL,
    begins_on text NOT NULL,
    owner text NOT NULL,
    part bigint NOT NULL,
    whole bigint NOT NULL,
    counted_at bigint NOT NULL,
    release text NOT NULL,
    complete boolean NOT NULL
);
CREATE TABLE public.head_word (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    unit text NOT NULL,
    feed text NOT NULL,
    word text NOT NULL,
    "column" text NOT NULL,
    by text NOT NULL,
    at bigint NOT NULL
);
CREATE TABLE public.heartbeat (
    name text NOT NULL,
    at bigint NOT NULL,
    note text NOT NULL
);
CREATE TABLE public.held (
    jurisdiction text NOT NULL,
    at bigint NOT NULL,
    digest text NOT NULL,
    problems text NOT NULL
);
CREATE TABLE public.helped_list (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    programme text NOT NULL,
    board text NOT NULL,
    release text NOT NULL,
    told bytea NOT NULL,
    households bigint NOT NULL,
    sha256 text NOT NULL,
    posted_at bigint NOT NULL,
    replaced_at bigint,
    version bigint NOT NULL,
    CONSTRAINT helped_list_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.holding (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    person text NOT NULL,
    category bytea NOT NULL,
    since text NOT NULL,
    noted_at bigint NOT NULL,
    source text NOT NULL,
    until text,
    "case" text NOT NULL,
    submission text NOT NULL,
    cites text NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT holding_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.household (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    number text NOT NULL,
    opened_at bigint NOT NULL,
    ended_at bigint,
    version bigint NOT NULL,
    CONSTRAINT household_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.identity (
    mark text NOT NULL,
    issuer text NOT NULL,
    name bytea NOT NULL,
    account text NOT NULL,
    jurisdiction text NOT NULL,
    bound_at bigint NOT NULL
);
CREATE TABLE public.installation (
    id text NOT NULL,
    checks text NOT NULL,
    made_at bigint NOT NULL,
    common_until bigint NOT NULL,
    common_hash text NOT NULL
);
CREATE TABLE public.job (
    id text NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    payload text NOT NULL,
    run_at bigint NOT NULL,
    status text NOT NULL,
    attempts bigint NOT NULL,
    lease_until bigint,
    token text NOT NULL,
    holder text NOT NULL,
    last_error bytea NOT NULL,
    ended_at bigint,
    task text NOT NULL,
    "case" text NOT NULL,
    jurisdiction text NOT NULL
);
CREATE TABLE public.listed_person (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    delivery text NOT NULL,
    n bigint NOT NULL,
    line bigint NOT NULL,
    verdict text NOT NULL,
    told bytea NOT NULL,
    digest text NOT NULL,
    id_index text NOT NULL,
    submission text NOT NULL,
    "case" text NOT NULL
);
CREATE TABLE public.listed_stretch (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    delivery text NOT NULL,
    verdict text NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    count bigint NOT NULL,
    told bytea NOT NULL
);
CREATE TABLE public.membership (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    household text NOT NULL,
    person text NOT NULL,
    relation text NOT NULL,
    joined_on text NOT NULL,
    left_on text,
    left_because text NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE public.message (
    id text NOT NULL,
    key text NOT NULL,
    jurisdiction text NOT NULL,
    unit text NOT NULL,
    kind text NOT NULL,
    title bytea NOT NULL,
    body bytea NOT NULL,
    at bigint NOT NULL,
    account text NOT NULL,
    "case" text NOT NULL,
    task text NOT NULL
);
CREATE TABLE public.minutes (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    sitting text NOT NULL,
    kind text NOT NULL,
    unit text NOT NULL,
    release text NOT NULL,
    wanted_at bigint NOT NULL,
    chair bytea NOT NULL,
    recorder bytea NOT NULL,
    remarks bytea NOT NULL,
    agreed bytea NOT NULL,
    objections bytea NOT NULL,
    status text NOT NULL,
    series text NOT NULL,
    year bigint,
    n bigint,
    number text NOT NULL,
    facts bytea,
    sha256 text NOT NULL,
    pages bigint NOT NULL,
    signed_by text NOT NULL,
    signed_at bigint,
    issued_at bigint,
    error bytea NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE public.notice (
    id text NOT NULL,
    key text NOT NULL,
    jurisdiction text NOT NULL,
    "case" text NOT NULL,
    task text NOT NULL,
    kind text NOT NULL,
    unit text NOT NULL,
    wanted_at bigint NOT NULL,
    release text NOT NULL,
    addressees text NOT NULL,
    copies text NOT NULL,
    series text NOT NULL,
    year bigint,
    n bigint,
    number text NOT NULL,
    template_digest text NOT NULL,
    facts bytea,
    sha256 text NOT NULL,
    pages bigint NOT NULL,
    issued_at bigint,
    issued_by text NOT NULL,
    status text NOT NULL,
    error bytea NOT NULL,
    version bigint NOT NULL,
    signed_by text NOT NULL,
    signed_at bigint,
    deliveries text NOT NULL
);
CREATE TABLE public.number_series (
    jurisdiction text NOT NULL,
    series text NOT NULL,
    year bigint NOT NULL,
    n bigint NOT NULL
);
CREATE TABLE public.owed_thing (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    duty text NOT NULL,
    asks text NOT NULL,
    subject text NOT NULL,
    matter text NOT NULL,
    about text NOT NULL,
    person text NOT NULL,
    period text NOT NULL,
    unit text NOT NULL,
    every text NOT NULL,
    begins_on text NOT NULL,
    ends_on text NOT NULL,
    planned_at bigint NOT NULL,
    due_at bigint NOT NULL,
    needed bigint NOT NULL,
    made bigint NOT NULL,
    status text NOT NULL,
    submission text NOT NULL,
    ended_at bigint,
    version bigint NOT NULL,
    because text NOT NULL,
    CONSTRAINT owed_thing_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.payee (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    person text NOT NULL,
    name bytea NOT NULL,
    relation bytea NOT NULL,
    bank bytea NOT NULL,
    account bytea NOT NULL,
    told_at bigint NOT NULL,
    by text NOT NULL,
    unit text NOT NULL,
    ended_at bigint,
    version bigint NOT NULL,
    CONSTRAINT payee_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.person (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    registration text NOT NULL,
    name text NOT NULL,
    created_at bigint NOT NULL,
    id_index text,
    sealed bytea,
    sex text NOT NULL,
    version bigint NOT NULL,
    phone_index text
);
CREATE TABLE public.publication (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    place text NOT NULL,
    "case" text NOT NULL,
    flow text NOT NULL,
    state text NOT NULL,
    board text NOT NULL,
    release text NOT NULL,
    told bytea NOT NULL,
    sha256 text NOT NULL,
    posted_at bigint NOT NULL,
    until bigint,
    taken_down_at bigint,
    interrupted boolean NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT publication_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.question (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    "case" text NOT NULL,
    person text NOT NULL,
    other text NOT NULL,
    asked_at bigint NOT NULL,
    verdict text NOT NULL,
    answered_at bigint,
    answered_by text NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE public.read_mark (
    account text NOT NULL,
    message text NOT NULL,
    read_at bigint NOT NULL
);
CREATE TABLE public.release (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    files bytea NOT NULL,
    published_at bigint NOT NULL,
    published_by text NOT NULL,
    current boolean NOT NULL,
    number bigint NOT NULL,
    set_aside_at bigint
);
CREATE TABLE public.reported_figure (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    period text NOT NULL,
    field text NOT NULL,
    place bigint NOT NULL,
    counted text NOT NULL,
    told bytea NOT NULL,
    reason bytea NOT NULL,
    things bigint NOT NULL,
    counted_at bigint,
    CONSTRAINT reported_figure_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.roll (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    roster text NOT NULL,
    programme text NOT NULL,
    unit text NOT NULL,
    month text NOT NULL,
    turn bigint NOT NULL,
    release text NOT NULL,
    begun_at bigint NOT NULL,
    begun_by text NOT NULL,
    first text NOT NULL,
    status text NOT NULL,
    drafted_at bigint,
    locked_at bigint,
    locked_by text NOT NULL,
    reviewed_at bigint,
    reviewed_by text NOT NULL,
    signed_at bigint,
    signed_by text NOT NULL,
    handed_on text,
    handed_by text NOT NULL,
    receiver bytea NOT NULL,
    paid_on text,
    ended_at bigint,
    reason bytea NOT NULL,
    households bigint NOT NULL,
    insured bigint NOT NULL,
    cents bigint NOT NULL,
    xlsx text NOT NULL,
    pdf text NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT roll_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.roll_line (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    roll text NOT NULL,
    roster text NOT NULL,
    person text NOT NULL,
    kind text NOT NULL,
    month text NOT NULL,
    cents bigint NOT NULL,
    entitlement text NOT NULL,
    household text NOT NULL,
    refers text NOT NULL,
    size bigint NOT NULL,
    insured bigint NOT NULL,
    standard bigint,
    name bytea NOT NULL,
    id_number bytea NOT NULL,
    number text NOT NULL,
    payee bytea NOT NULL,
    relation bytea NOT NULL,
    bank bytea NOT NULL,
    account bytea NOT NULL,
    note bytea NOT NULL,
    problems text NOT NULL,
    barred boolean NOT NULL,
    flagged boolean NOT NULL,
    held_back boolean NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT roll_line_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.rule_source (
    jurisdiction text NOT NULL,
    source text NOT NULL,
    at bigint NOT NULL,
    by text NOT NULL,
    release text NOT NULL,
    folder text NOT NULL
);
CREATE TABLE public.schema_step (
    version bigint NOT NULL,
    digest text NOT NULL
);
CREATE TABLE public.schema_version (
    version bigint NOT NULL,
    at bigint NOT NULL
);
CREATE TABLE public.seen (
    name text NOT NULL,
    at bigint NOT NULL
);
CREATE TABLE public.session (
    token_hash text NOT NULL,
    account text NOT NULL,
    csrf text NOT NULL,
    created_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    ended_at bigint,
    by text NOT NULL
);
CREATE TABLE public.sitting (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    meeting text NOT NULL,
    unit text NOT NULL,
    year bigint NOT NULL,
    n bigint NOT NULL,
    planned_at bigint NOT NULL,
    place bytea NOT NULL,
    release text NOT NULL,
    called_at bigint NOT NULL,
    called_by text NOT NULL,
    invited text NOT NULL,
    invited_at bigint,
    present bytea NOT NULL,
    status text NOT NULL,
    opened_at bigint,
    closed_at bigint,
    reason bytea NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT sitting_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.submission (
    id text NOT NULL,
    body_hash text NOT NULL,
    jurisdiction text NOT NULL,
    release text NOT NULL,
    form text NOT NULL,
    answers bytea NOT NULL,
    by text NOT NULL,
    unit text NOT NULL,
    at bigint NOT NULL,
    division text NOT NULL,
    sealed bytea
);
CREATE TABLE public.tally (
    kind text NOT NULL,
    who text NOT NULL,
    place text NOT NULL,
    count bigint NOT NULL,
    began_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    until bigint,
    told boolean NOT NULL
);
CREATE TABLE public.task (
    id text NOT NULL,
    "case" text NOT NULL,
    jurisdiction text NOT NULL,
    flow text NOT NULL,
    state text NOT NULL,
    unit text NOT NULL,
    residence text NOT NULL,
    opened_at bigint NOT NULL,
    role text NOT NULL,
    lead_task text NOT NULL,
    status text NOT NULL,
    routes text NOT NULL,
    cites text NOT NULL,
    claimed_by text NOT NULL,
    claimed_at bigint,
    due_at bigint,
    due text,
    outcome text NOT NULL,
    answers text NOT NULL,
    ended_at bigint,
    completed_in_time boolean,
    overdue_at bigint,
    supervised_at bigint,
    version bigint NOT NULL,
    sent_as text NOT NULL,
    helps text NOT NULL,
    counts_from bigint,
    suspended_at bigint,
    extension text,
    urgent boolean NOT NULL,
    subject text NOT NULL,
    about text NOT NULL,
    release text NOT NULL,
    returned bigint NOT NULL,
    excused text NOT NULL
);
CREATE TABLE public.told (
    id text NOT NULL,
    "case" text NOT NULL,
    task text NOT NULL,
    state text NOT NULL,
    outcome text NOT NULL,
    submission text NOT NULL,
    at bigint NOT NULL
);
CREATE TABLE public.visit (
    id text NOT NULL,
    jurisdiction text NOT NULL,
    residence text NOT NULL,
    person text NOT NULL,
    unit text NOT NULL,
    by text NOT NULL,
    visited_on text NOT NULL,
    told_at bigint NOT NULL,
    form text NOT NULL,
    submission text NOT NULL,
    release text NOT NULL,
    way text NOT NULL,
    CONSTRAINT visit_residence_check CHECK ((residence <> ''::text))
);
CREATE TABLE public.wait (
    id text NOT NULL,
    "case" text NOT NULL,
    state text NOT NULL,
    until bigint NOT NULL,
    began_at bigint NOT NULL,
    ended_at bigint
);
ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.agenda_item
    ADD CONSTRAINT agenda_item_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.amendment
    ADD CONSTRAINT amendment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.attachment
    ADD CONSTRAINT attachment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.case_in_sight
    ADD CONSTRAINT case_in_sight_pkey PRIMARY KEY (jurisdiction, who, stage, at, "case");
ALTER TABLE ONLY public."case"
    ADD CONSTRAINT case_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.change_set
    ADD CONSTRAINT change_set_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.circular
    ADD CONSTRAINT circular_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.clue
    ADD CONSTRAINT clue_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.correction
    ADD CONSTRAINT correction_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.deputy
    ADD CONSTRAINT deputy_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.dispatch
    ADD CONSTRAINT dispatch_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.draft_comment
    ADD CONSTRAINT draft_comment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.draft_edit
    ADD CONSTRAINT draft_edit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.draft_file
    ADD CONSTRAINT draft_file_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.draft_trial
    ADD CONSTRAINT draft_trial_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.drawing
    ADD CONSTRAINT drawing_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.duty_period
    ADD CONSTRAINT duty_period_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.entitlement
    ADD CONSTRAINT entitlement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (n);
ALTER TABLE ONLY public.factor
    ADD CONSTRAINT factor_pkey PRIMARY KEY (account);
ALTER TABLE ONLY public.figure
    ADD CONSTRAINT figure_pkey PRIMARY KEY (jurisdiction, indicator, every, begins_on, owner);
ALTER TABLE ONLY public.head_word
    ADD CONSTRAINT head_word_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.heartbeat
    ADD CONSTRAINT heartbeat_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.held
    ADD CONSTRAINT held_pkey PRIMARY KEY (jurisdiction);
ALTER TABLE ONLY public.helped_list
    ADD CONSTRAINT helped_list_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.holding
    ADD CONSTRAINT holding_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.household
    ADD CONSTRAINT household_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.identity
    ADD CONSTRAINT identity_pkey PRIMARY KEY (mark);
ALTER TABLE ONLY public.installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listed_person
    ADD CONSTRAINT listed_person_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listed_stretch
    ADD CONSTRAINT listed_stretch_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.membership
    ADD CONSTRAINT membership_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.minutes
    ADD CONSTRAINT minutes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.number_series
    ADD CONSTRAINT number_series_pkey PRIMARY KEY (jurisdiction, series, year);
ALTER TABLE ONLY public.owed_thing
    ADD CONSTRAINT owed_thing_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.payee
    ADD CONSTRAINT payee_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.publication
    ADD CONSTRAINT publication_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.read_mark
    ADD CONSTRAINT read_mark_pkey PRIMARY KEY (account, message);
ALTER TABLE ONLY public.release
    ADD CONSTRAINT release_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.reported_figure
    ADD CONSTRAINT reported_figure_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.roll_line
    ADD CONSTRAINT roll_line_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.roll
    ADD CONSTRAINT roll_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.rule_source
    ADD CONSTRAINT rule_source_pkey PRIMARY KEY (jurisdiction);
ALTER TABLE ONLY public.schema_step
    ADD CONSTRAINT schema_step_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.schema_version
    ADD CONSTRAINT schema_version_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.seen
    ADD CONSTRAINT seen_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.sitting
    ADD CONSTRAINT sitting_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.submission
    ADD CONSTRAINT submission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tally
    ADD CONSTRAINT tally_pkey PRIMARY KEY (kind, who, place);
ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.told
    ADD CONSTRAINT told_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.visit
    ADD CONSTRAINT visit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.wait
    ADD CONSTRAINT wait_pkey PRIMARY KEY (id);
CREATE INDEX account_jurisdiction_unit ON public.account USING btree (jurisdiction, unit);
CREATE UNIQUE INDEX account_login ON public.account USING btree (login);
CREATE INDEX agenda_item_case ON public.agenda_item USING btree ("case");
CREATE INDEX agenda_item_sitting_n ON public.agenda_item USING btree (sitting, n);
CREATE UNIQUE INDEX agenda_item_task_turn ON public.agenda_item USING btree (task, turn);
CREATE INDEX alert_answers ON public.alert USING btree (answers);
CREATE INDEX alert_jurisdiction_declared_at_id ON public.alert USING btree (jurisdiction, declared_at, id);
CREATE INDEX alert_jurisdiction_ended_at ON public.alert USING btree (jurisdiction, ended_at);
CREATE INDEX amendment_about ON public.amendment USING btree (about);
CREATE INDEX amendment_person ON public.amendment USING btree (person);
CREATE INDEX attachment_sha256 ON public.attachment USING btree (sha256);
CREATE INDEX attachment_submission ON public.attachment USING btree (submission);
CREATE INDEX case_in_sight_case_who ON public.case_in_sight USING btree ("case", who);
CREATE INDEX case_jurisdiction_id ON public."case" USING btree (jurisdiction, id);
CREATE UNIQUE INDEX case_jurisdiction_number ON public."case" USING btree (jurisdiction, number);
CREATE INDEX case_jurisdiction_opened_at_id ON public."case" USING btree (jurisdiction, opened_at, id);
CREATE INDEX case_person_flow_closed_at ON public."case" USING btree (person, flow, closed_at);
CREATE INDEX case_residence_closed_at ON public."case" USING btree (residence, closed_at);
CREATE INDEX change_set_jurisdiction_made_at_id ON public.change_set USING btree (jurisdiction, made_at, id);
CREATE INDEX circular_corrects ON public.circular USING btree (corrects);
CREATE INDEX circular_jurisdiction_drafted_at_id ON public.circular USING btree (jurisdiction, drafted_at, id);
CREATE UNIQUE INDEX circular_jurisdiction_series_year_n ON public.circular USING btree (jurisdiction, series, year, n);
CREATE INDEX circular_sha256 ON public.circular USING btree (sha256);
CREATE INDEX clue_case ON public.clue USING btree ("case");
CREATE INDEX clue_jurisdiction_phone_index ON public.clue USING btree (jurisdiction, phone_index);
CREATE INDEX clue_jurisdiction_unit_entered_at_id ON public.clue USING btree (jurisdiction, unit, entered_at, id);
CREATE INDEX clue_receipt ON public.clue USING btree (receipt);
CREATE UNIQUE INDEX clue_submission ON public.clue USING btree (submission);
CREATE INDEX correction_before ON public.correction USING btree (before);
CREATE INDEX correction_case ON public.correction USING btree ("case");
CREATE INDEX delivery_jurisdiction_received_at_id ON public.delivery USING btree (jurisdiction, received_at, id);
CREATE INDEX delivery_jurisdiction_unit_received_at_id ON public.delivery USING btree (jurisdiction, unit, received_at, id);
CREATE INDEX delivery_owed ON public.delivery USING btree (owed);
CREATE INDEX delivery_sha256 ON public.delivery USING btree (sha256);
CREATE INDEX deputy_account_ended_at ON public.deputy USING btree (account, ended_at);
CREATE INDEX deputy_deputy_ended_at ON public.deputy USING btree (deputy, ended_at);
CREATE INDEX dispatch_case ON public.dispatch USING btree ("case");
CREATE INDEX dispatch_jurisdiction_status_proposed_at_id ON public.dispatch USING btree (jurisdiction, status, proposed_at, id);
CREATE INDEX draft_comment_change_set_id ON public.draft_comment USING btree (change_set, id);
CREATE INDEX draft_edit_change_set_id ON public.draft_edit USING btree (change_set, id);
CREATE UNIQUE INDEX draft_file_change_set_path ON public.draft_file USING btree (change_set, path);
CREATE UNIQUE INDEX draft_trial_change_set_gate_digest ON public.draft_trial USING btree (change_set, gate, digest);
CREATE UNIQUE INDEX drawing_jurisdiction_duty_unit_every_begins_on ON public.drawing USING btree (jurisdiction, duty, unit, every, begins_on);
CREATE INDEX drawing_period ON public.drawing USING btree (period);
CREATE INDEX duty_period_alert ON public.duty_period USING btree (alert);
CREATE INDEX duty_period_answers ON public.duty_period USING btree (answers);
CREATE INDEX duty_period_jurisdiction_begins_on ON public.duty_period USING btree (jurisdiction, begins_on);
CREATE UNIQUE INDEX duty_period_jurisdiction_duty_unit_every_begins_on_alert_turn ON public.duty_period USING btree (jurisdiction, duty, unit, every, begins_on, alert, turn);
CREATE INDEX duty_period_jurisdiction_opened_at_id ON public.duty_period USING btree (jurisdiction, opened_at, id);
CREATE INDEX duty_period_jurisdiction_receivers_opened_at_id ON public.duty_period USING btree (jurisdiction, receivers, opened_at, id);
CREATE INDEX duty_period_jurisdiction_residence_opened_at_id ON public.duty_period USING btree (jurisdiction, residence, opened_at, id);
CREATE INDEX duty_period_jurisdiction_to_opened_at_id ON public.duty_period USING btree (jurisdiction, "to", opened_at, id);
CREATE INDEX duty_period_jurisdiction_unit_opened_at_id ON public.duty_period USING btree (jurisdiction, unit, opened_at, id);
CREATE INDEX duty_period_unit ON public.duty_period USING btree (unit);
CREATE INDEX entitlement_case ON public.entitlement USING btree ("case");
CREATE INDEX entitlement_jurisdiction_id ON public.entitlement USING btree (jurisdiction, id);
CREATE INDEX entitlement_jurisdiction_programme_state_residence_id ON public.entitlement USING btree (jurisdiction, programme, state, residence, id);
CREATE INDEX entitlement_person ON public.entitlement USING btree (person);
CREATE INDEX entitlement_submission ON public.entitlement USING btree (submission);
CREATE INDEX event_case_n ON public.event USING btree ("case", n);
CREATE UNIQUE INDEX event_id ON public.event USING btree (id);
CREATE INDEX event_jurisdiction_at_n_name_actor ON public.event USING btree (jurisdiction, at, n, name, actor);
CREATE UNIQUE INDEX event_jurisdiction_place ON public.event USING btree (jurisdiction, place);
CREATE INDEX event_task_n ON public.event USING btree (task, n);
CREATE INDEX factor_jurisdiction_account ON public.factor USING btree (jurisdiction, account);
CREATE INDEX figure_jurisdiction_begins_on_owner ON public.figure USING btree (jurisdiction, begins_on, owner);
CREATE UNIQUE INDEX head_word_jurisdiction_unit_feed_word ON public.head_word USING btree (jurisdiction, unit, feed, word);
CREATE INDEX helped_list_jurisdiction_board_replaced_at_residence_id ON public.helped_list USING btree (jurisdiction, board, replaced_at, residence, id);
CREATE INDEX helped_list_jurisdiction_programme_board_residence_posted_at_id ON public.helped_list USING btree (jurisdiction, programme, board, residence, posted_at, id);
CREATE INDEX holding_jurisdiction_until_residence_id ON public.holding USING btree (jurisdiction, until, residence, id);
CREATE INDEX holding_person ON public.holding USING btree (person);
CREATE INDEX holding_submission ON public.holding USING btree (submission);
CREATE UNIQUE INDEX household_jurisdiction_number ON public.household USING btree (jurisdiction, number);
CREATE INDEX household_jurisdiction_residence_id ON public.household USING btree (jurisdiction, residence, id);
CREATE UNIQUE INDEX identity_account ON public.identity USING btree (account);
CREATE INDEX identity_jurisdiction_account ON public.identity USING btree (jurisdiction, account);
CREATE INDEX job_case_status ON public.job USING btree ("case", status);
CREATE UNIQUE INDEX job_key ON public.job USING btree (key);
CREATE INDEX job_status_holder ON public.job USING btree (status, holder);
CREATE INDEX job_status_jurisdiction_run_at_id ON public.job USING btree (status, jurisdiction, run_at, id);
CREATE INDEX job_status_run_at_id ON public.job USING btree (status, run_at, id);
CREATE INDEX job_task_status ON public.job USING btree (task, status);
CREATE INDEX listed_person_case ON public.listed_person USING btree ("case");
CREATE UNIQUE INDEX listed_person_delivery_n ON public.listed_person USING btree (delivery, n);
CREATE INDEX listed_person_delivery_verdict_n ON public.listed_person USING btree (delivery, verdict, n);
CREATE INDEX listed_person_jurisdiction_digest ON public.listed_person USING btree (jurisdiction, digest);
CREATE INDEX listed_stretch_delivery_verdict_last ON public.listed_stretch USING btree (delivery, verdict, last);
CREATE INDEX membership_household ON public.membership USING btree (household);
CREATE INDEX membership_person ON public.membership USING btree (person);
CREATE INDEX message_jurisdiction_unit_at_id_account ON public.message USING btree (jurisdiction, unit, at, id, account);
CREATE UNIQUE INDEX message_key ON public.message USING btree (key);
CREATE INDEX message_of_one ON public.message USING btree (jurisdiction, account, at, id) WHERE (account <> ''::text);
CREATE INDEX message_task ON public.message USING btree (task);
CREATE UNIQUE INDEX minutes_jurisdiction_series_year_n ON public.minutes USING btree (jurisdiction, series, year, n);
CREATE INDEX minutes_sha256 ON public.minutes USING btree (sha256);
CREATE UNIQUE INDEX minutes_sitting ON public.minutes USING btree (sitting);
CREATE INDEX notice_case ON public.notice USING btree ("case");
CREATE UNIQUE INDEX notice_jurisdiction_series_year_n ON public.notice USING btree (jurisdiction, series, year, n);
CREATE INDEX notice_jurisdiction_status_wanted_at_id ON public.notice USING btree (jurisdiction, status, wanted_at, id);
CREATE INDEX notice_jurisdiction_wanted_at_id ON public.notice USING btree (jurisdiction, wanted_at, id);
CREATE UNIQUE INDEX notice_key ON public.notice USING btree (key);
CREATE INDEX notice_sha256 ON public.notice USING btree (sha256);
CREATE UNIQUE INDEX owed_thing_about_subject_matter_every_begins_on ON public.owed_thing USING btree (about, subject, matter, every, begins_on);
CREATE INDEX owed_thing_jurisdiction_status_ends_on_id ON public.owed_thing USING btree (jurisdiction, status, ends_on, id);
CREATE INDEX owed_thing_jurisdiction_unit_status_planned_at_id ON public.owed_thing USING btree (jurisdiction, unit, status, planned_at, id);
CREATE INDEX owed_thing_period_status_planned_at_id ON public.owed_thing USING btree (period, status, planned_at, id);
CREATE INDEX owed_thing_person_ends_on ON public.owed_thing USING btree (person, ends_on);
CREATE INDEX payee_person ON public.payee USING btree (person);
CREATE INDEX person_jurisdiction_id_index ON public.person USING btree (jurisdiction, id_index);
CREATE INDEX person_jurisdiction_name_id ON public.person USING btree (jurisdiction, name, id);
CREATE INDEX person_jurisdiction_phone_index ON public.person USING btree (jurisdiction, phone_index);
CREATE INDEX person_jurisdiction_residence_id ON public.person USING btree (jurisdiction, residence, id);
CREATE INDEX publication_case ON public.publication USING btree ("case");
CREATE INDEX publication_jurisdiction_board_place_taken_down_at_posted_at_id ON public.publication USING btree (jurisdiction, board, place, taken_down_at, posted_at, id);
CREATE INDEX publication_jurisdiction_posted_at_id ON public.publication USING btree (jurisdiction, posted_at, id);
CREATE INDEX question_other ON public.question USING btree (other);
CREATE UNIQUE INDEX question_person_other ON public.question USING btree (person, other);
CREATE INDEX release_jurisdiction_current ON public.release USING btree (jurisdiction, current);
CREATE INDEX reported_figure_jurisdiction_id ON public.reported_figure USING btree (jurisdiction, id);
CREATE UNIQUE INDEX reported_figure_period_field ON public.reported_figure USING btree (period, field);
CREATE INDEX roll_jurisdiction_month_id ON public.roll USING btree (jurisdiction, month, id);
CREATE UNIQUE INDEX roll_jurisdiction_roster_unit_month_turn ON public.roll USING btree (jurisdiction, roster, unit, month, turn);
CREATE INDEX roll_line_person_month ON public.roll_line USING btree (person, month);
CREATE UNIQUE INDEX roll_line_roll_person_month ON public.roll_line USING btree (roll, person, month);
CREATE INDEX roll_line_roll_residence_id ON public.roll_line USING btree (roll, residence, id);
CREATE INDEX session_account_ended_at ON public.session USING btree (account, ended_at);
CREATE INDEX session_ended_at_last_seen_at ON public.session USING btree (ended_at, last_seen_at);
CREATE UNIQUE INDEX sitting_jurisdiction_meeting_unit_year_n ON public.sitting USING btree (jurisdiction, meeting, unit, year, n);
CREATE INDEX sitting_jurisdiction_planned_at_id ON public.sitting USING btree (jurisdiction, planned_at, id);
CREATE INDEX submission_jurisdiction_unit_at_id ON public.submission USING btree (jurisdiction, unit, at, id);
CREATE INDEX tally_ends_at ON public.tally USING btree (ends_at);
CREATE INDEX task_about ON public.task USING btree (about);
CREATE INDEX task_answers ON public.task USING btree (answers);
CREATE INDEX task_case ON public.task USING btree ("case");
CREATE INDEX task_claimed_by_ended_at_due_at_id ON public.task USING btree (claimed_by, ended_at, due_at, id);
CREATE INDEX task_jurisdiction_ended_at_due_at_id_residence ON public.task USING btree (jurisdiction, ended_at, due_at, id, residence);
CREATE INDEX task_jurisdiction_ended_at_overdue_at ON public.task USING btree (jurisdiction, ended_at, overdue_at);
CREATE INDEX task_jurisdiction_ended_at_residence_urgent_due_at_id ON public.task USING btree (jurisdiction, ended_at, residence, urgent, due_at, id);
CREATE INDEX task_jurisdiction_id ON public.task USING btree (jurisdiction, id);
CREATE INDEX task_jurisdiction_unit_ended_at_due_at_id ON public.task USING btree (jurisdiction, unit, ended_at, due_at, id);
CREATE INDEX task_jurisdiction_unit_urgent_ended_at_due_at_id ON public.task USING btree (jurisdiction, unit, urgent, ended_at, due_at, id);
CREATE INDEX task_jurisdiction_urgent_ended_at_due_at_id_residence ON public.task USING btree (jurisdiction, urgent, ended_at, due_at, id, residence);
CREATE INDEX task_lead_task ON public.task USING btree (lead_task);
CREATE INDEX task_pressing ON public.task USING btree (jurisdiction, ended_at, due_at, id, residence) WHERE ((ended_at IS NULL) AND ((overdue_at IS NOT NULL) OR (supervised_at IS NOT NULL) OR (extension IS NOT NULL)));
CREATE INDEX told_case ON public.told USING btree ("case");
CREATE INDEX visit_jurisdiction_form_residence_visited_on ON public.visit USING btree (jurisdiction, form, residence, visited_on);
CREATE INDEX visit_jurisdiction_unit_visited_on_id ON public.visit USING btree (jurisdiction, unit, visited_on, id);
CREATE INDEX visit_jurisdiction_visited_on_id ON public.visit USING btree (jurisdiction, visited_on, id);
CREATE INDEX visit_person_visited_on ON public.visit USING btree (person, visited_on);
CREATE UNIQUE INDEX visit_submission ON public.visit USING btree (submission);
CREATE INDEX wait_case ON public.wait USING btree ("case");
CREATE TRIGGER case_in_sight_clue AFTER INSERT ON public.clue FOR EACH ROW WHEN ((NOT new.joined)) EXECUTE FUNCTION public.case_is_seen();
CREATE TRIGGER case_in_sight_clue_again AFTER UPDATE OF unit, "case", joined ON public.clue FOR EACH ROW WHEN ((NOT new.joined)) EXECUTE FUNCTION public.case_is_seen();
CREATE TRIGGER case_in_sight_dispatch AFTER INSERT ON public.dispatch FOR EACH ROW WHEN ((new.unit <> ''::text)) EXECUTE FUNCTION public.case_is_seen();
CREATE TRIGGER case_in_sight_dispatch_again AFTER UPDATE OF unit, "case" ON public.dispatch FOR EACH ROW WHEN ((new.unit <> ''::text)) EXECUTE FUNCTION public.case_is_seen();
CREATE TRIGGER case_in_sight_moved AFTER UPDATE OF residence, closed_at, archived_at, ended_as ON public."case" FOR EACH ROW WHEN (true) EXECUTE FUNCTION public.case_is_placed();
CREATE TRIGGER case_in_sight_opened AFTER INSERT ON public."case" FOR EACH ROW WHEN (true) EXECUTE FUNCTION public.case_is_placed();
CREATE TRIGGER case_in_sight_task AFTER INSERT ON public.task FOR EACH ROW WHEN ((new."case" <> ''::text)) EXECUTE FUNCTION public.case_is_seen();
CREATE TRIGGER case_in_sight_task_again AFTER UPDATE OF unit, "case" ON public.task FOR EACH ROW WHEN ((new."case" <> ''::text)) EXECUTE FUNCTION public.case_is_seen();
CREATE TRIGGER event_all_kept BEFORE TRUNCATE ON public.event FOR EACH STATEMENT EXECUTE FUNCTION public.event_is_kept();
CREATE TRIGGER event_envelope_kept BEFORE UPDATE OF typed ON public.event FOR EACH ROW WHEN ((length(new.typed) <> length(old.typed))) EXECUTE FUNCTION public.event_is_kept();
CREATE TRIGGER event_kept BEFORE DELETE OR UPDATE OF n, id, at, jurisdiction, name, "case", task, actor, actor_name, unit, data, rule, "row", cites, prev, hash, place ON public.event FOR EACH ROW EXECUTE FUNCTION public.event_is_kept();
CREATE TRIGGER task_about BEFORE INSERT OR UPDATE OF "case", about ON public.task FOR EACH ROW EXECUTE FUNCTION public.task_is_about_something();
ALTER TABLE ONLY public.agenda_item
    ADD CONSTRAINT agenda_item_case_fkey FOREIGN KEY ("case") REFERENCES public."case"(id);
ALTER TABLE ONLY public.agenda_item
    ADD CONSTRAINT agenda_item_sitting_fkey FOREIGN KEY (sitting) REFERENCES public.sitting(id);
ALTER TABLE ONLY public.agenda_item
    ADD CONSTRAINT agenda_item_task_fkey FOREIGN KEY (task) REFERENCES public.task(id);
ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_release_fkey FOREIGN KEY (release) REFERENCES public.release(id);
ALTER TABLE ONLY public."case"
    ADD CONSTRAINT case_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);
ALTER TABLE ONLY public."case"
    ADD CONSTRAINT case_release_fkey FOREIGN KEY (release) REFERENCES public.release(id);
ALTER TABLE ONLY public.change_set
    ADD CONSTRAINT change_set_base_fkey FOREIGN KEY (base) REFERENCES public.release(id);
ALTER TABLE ONLY public.circular
    ADD CONSTRAINT circular_release_fkey FOREIGN KEY (release) REFERENCES public.release(id);
ALTER TABLE ONLY public.clue
    ADD CONSTRAINT clue_case_fkey FOREIGN KEY ("case") REFERENCES public."case"(id);
ALTER TABLE ONLY public.clue
    ADD CONSTRAINT clue_submission_fkey FOREIGN KEY (submission) REFERENCES public.submission(id);
ALTER TABLE ONLY public.correction
    ADD CONSTRAINT correction_before_fkey FOREIGN KEY (before) REFERENCES public.submission(id);
ALTER TABLE ONLY public.correction
    ADD CONSTRAINT correction_case_fkey FOREIGN KEY ("case") REFERENCES public."case"(id);
ALTER TABLE ONLY public.correction
    ADD CONSTRAINT correction_clue_fkey FOREIGN KEY (clue) REFERENCES public.clue(id);
ALTER TABLE ONLY public.correction
    ADD CONSTRAINT correction_submission_fkey FOREIGN KEY (submission) REFERENCES public.submission(id);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_release_fkey FOREIGN KEY (release) REFERENCES public.release(id);
ALTER TABLE ONLY public.deputy
    ADD CONSTRAINT deputy_account_fkey FOREIGN KEY (account) REFERENCES public.account(id);
ALTER TABLE ONLY public.deputy
    ADD CONSTRAINT deputy_deputy_fkey FOREIGN KEY (deputy) REFERENCES public.account(id);
ALTER TABLE ONLY public.dispatch
    ADD CONSTRAINT dispatch_case_fkey FOREIGN KEY ("case") REFERENCES public."case"(id);
ALTER TABLE ONLY public.draft_comment
    ADD CONSTRAINT draft_comment_change_set_fkey FOREIGN KEY (change_set) REFERENCES public.change_set(id);
ALTER TABLE ONLY public.draft_edit
    ADD CONSTRAINT draft_edit_change_set_fkey FOREIGN KEY (change_set) REFERENCES public.change_set(id);
ALTER TABLE ONLY public.draft_file
    ADD CONSTRAINT draft_file_change_set_fkey FOREIGN KEY (change_set) REFERENCES public.change_set(id);
ALTER TABLE ONLY public.draft_trial
    ADD CONSTRAINT draft_trial_change_set_fkey FOREIGN KEY (change_set) REFERENCES public.change_set(id);
ALTER TABLE ONLY public.drawing
    ADD CONSTRAINT drawing_period_fkey FOREIGN KEY (period) REFERENCES public.duty_period(id);
ALTER TABLE ONLY public.drawing
    ADD CONSTRAINT drawing_release_fkey FOREIGN KEY (release) REFERENCES public.release(id);
ALTER TABLE ONLY public.duty_period
    ADD CONSTRAINT duty_period_release_fkey FOREIGN KEY (release) REFERENCES public.release(id);
ALTER TABLE ONLY public.entitlement
    ADD CONSTRAINT entitlement_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);
ALTER TABLE ONLY public.factor
    ADD CONSTRAINT factor_account_fkey FOREIGN KEY (account) REFERENCES public.account(id);
ALTER TABLE ONLY public.helped_list
    ADD CONSTRAINT helped_list_release_fkey FOREIGN KEY (release) REFERENCES public.release(id);
ALTER TABLE ONLY public.holding
    ADD CONSTRAINT holding_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);
ALTER TABLE ONLY public.identity
    ADD CONSTRAINT identity_account_fkey FOREIGN KEY (account) REFERENCES public.account(id);
ALTER TABLE ONLY public.listed_person
    ADD CONSTRAINT listed_person_delivery_fkey FOREIGN KEY (delivery) REFERENCES public.delivery(id);
ALTER TABLE ONLY public.listed_stretch
    ADD CONSTRAINT listed_stretch_delivery_fkey FOREIGN KEY (delivery) REFERENCES public.delivery(id);
ALTER TABLE ONLY public.membership
    ADD CONSTRAINT membership_household_fkey FOREIGN KEY (household) REFERENCES public.household(id);
ALTER TABLE ONLY public.membership
    ADD CONSTRAINT membership_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);
ALTER TABLE ONLY public.minutes
    ADD CONSTRAINT minutes_release_fkey FOREIGN KEY (release) REFERENCES public.release(id);
ALTER TABLE ONLY public.minutes
    ADD CONSTRAINT minutes_sitting_fkey FOREIGN KEY (sitting) REFERENCES public.sitting(id);
ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_case_fkey FOREIGN KEY ("case") REFERENCES public."case"(id);
ALTER TABLE ONLY public.owed_thing
    ADD CONSTRAINT owed_thing_period_fkey FOREIGN KEY (period) REFERENCES public.duty_period(id);
ALTER TABLE ONLY public.payee
    ADD CONSTRAINT payee_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);
ALTER TABLE ONLY public.publication
    ADD CONSTRAINT publication_case_fkey FOREIGN KEY ("case") REFERENCES public."case"(id);
ALTER TABLE ONLY public.publication
    ADD CONSTRAINT publication_release_fkey FOREIGN KEY (release) REFERENCES public.release(id);
ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_case_fkey FOREIGN KEY ("case") REFERENCES public."case"(id);
ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_other_fkey FOREIGN KEY (other) REFERENCES public.person(id);
ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);
ALTER TABLE ONLY public.read_mark
    ADD CONSTRAINT read_mark_message_fkey FOREIGN KEY (message) REFERENCES public.message(id);
ALTER TABLE ONLY public.reported_figure
    ADD CONSTRAINT reported_figure_period_fkey FOREIGN KEY (period) REFERENCES public.duty_period(id);
ALTER TABLE ONLY public.roll_line
    ADD CONSTRAINT roll_line_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);
ALTER TABLE ONLY public.roll_line
    ADD CONSTRAINT roll_line_roll_fkey FOREIGN KEY (roll) REFERENCES public.roll(id);
ALTER TABLE ONLY public.roll
    ADD CONSTRAINT roll_release_fkey FOREIGN KEY (release) REFERENCES public.release(id);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_account_fkey FOREIGN KEY (account) REFERENCES public.account(id);
ALTER TABLE ONLY public.sitting
    ADD CONSTRAINT sitting_release_fkey FOREIGN KEY (release) REFERENCES public.release(id);
ALTER TABLE ONLY public.submission
    ADD CONSTRAINT submission_release_fkey FOREIGN KEY (release) REFERENCES public.release(id);
ALTER TABLE ONLY public.told
    ADD CONSTRAINT told_case_fkey FOREIGN KEY ("case") REFERENCES public."case"(id);
ALTER TABLE ONLY public.told
    ADD CONSTRAINT told_task_fkey FOREIGN KEY (task) REFERENCES public.task(id);
ALTER TABLE ONLY public.visit
    ADD CONSTRAINT visit_submission_fkey FOREIGN KEY (submission) REFERENCES public.submission(id);
ALTER TABLE ONLY public.wait
    ADD CONSTRAINT wait_case_fkey FOREIGN KEY ("case") REFERENCES public."case"(id);
