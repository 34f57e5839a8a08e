// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Checkbox, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconPrinter, IconUpload } from "@tabler/icons-react";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "wouter";

import { Empty } from "../parts/Empty";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { useJobs, useOwners } from "./calls";
import { DidItPrint } from "./DidItPrint";
import { JobRow } from "./JobRow";
import { JobTabs } from "./JobTabs";
import { type Job, standing } from "./standing";

const DeleteJobs = lazy(() => import("./DeleteJobs"));

/* Whose delegate I am has the held jobs of others here, too. */
function Whose({ owner, change }: { owner: string; change: (owner: string) => void }) {
    const { t } = useTranslation("jobs");
    const owners = useOwners().data?.items ?? [];

    if (!owners.length) return null;
    return (
        <SegmentedControl
            aria-label={t("whose")}
            value={owner}
            onChange={change}
            data={[{ value: "", label: t("mine") }, ...owners.map((one) => ({ value: one.owner.email, label: one.owner.email }))]}
        />
    );
}

function UnderWay() {
    const { t } = useTranslation("jobs");
    const jobs = useJobs("receiving,releasing").items ?? [];
    const asked = jobs.filter((job) => standing(job) === "uncertain");
    const rest = jobs.filter((job) => standing(job) !== "uncertain");

    return (
        <Stack gap="xs" aria-live="polite" mt={jobs.length ? 0 : "calc(-1 * var(--mantine-spacing-lg))"}>
            {asked.map((job) => (
                <DidItPrint key={job.id} job={job} showsTitle />
            ))}
            {rest.length > 0 && (
                <Stack component="ul" p={0} m={0} gap="xs" style={{ listStyle: "none" }} aria-label={t("underWay")}>
                    {rest.map((job) => (
                        <JobRow key={job.id} job={job} />
                    ))}
                </Stack>
            )}
        </Stack>
    );
}

function Chosen({ chosen, all, setChosen, owner }: { chosen: string[]; all: Job[]; setChosen: (ids: string[]) => void; owner: string }) {
    const { t } = useTranslation("jobs");
    const [deleting, setDeleting] = useState<string[] | null>(null);
    const query = `jobs=${chosen.join(",")}${owner ? `&owner=${encodeURIComponent(owner)}` : ""}`;

    return (
        <Group mih={36}>
            <Checkbox
                label={chosen.length ? t("chosen", { count: chosen.length }) : t("chooseAll")}
                checked={chosen.length > 0 && chosen.length === all.length}
                indeterminate={chosen.length > 0 && chosen.length < all.length}
                onChange={(event) => setChosen(event.currentTarget.checked ? all.map((job) => job.id) : [])}
            />
            {chosen.length > 0 && (
                <>
                    <Button component={Link} href={`/release?last=1&${query}`} variant="light" size="compact-md">
                        {t("printChosen")}
                    </Button>
                    <Button variant="subtle" color="red" size="compact-md" onClick={() => setDeleting(chosen)}>
                        {t("shell:delete")}
                    </Button>
                </>
            )}
            <Suspense>{deleting && <DeleteJobs jobs={deleting} close={() => setDeleting(null)} after={() => setChosen([])} />}</Suspense>
        </Group>
    );
}

function Held({ owner, jobs }: { owner: string; jobs: Job[] }) {
    const [wanted, setWanted] = useState<string[]>([]);
    const [deleting, setDeleting] = useState<string[] | null>(null);
    const there = useMemo(() => new Set(jobs.map((job) => job.id)), [jobs]);
    const chosen = wanted.filter((id) => there.has(id)); // others are gone meanwhile
    const isChosen = new Set(chosen);
    const remove = useCallback((id: string) => setDeleting([id]), []);
    const choose = useCallback((id: string, is: boolean) => setWanted((all) => (is ? [...all, id] : all.filter((one) => one !== id))), []);
    const of = owner ? `&owner=${encodeURIComponent(owner)}` : "";

    return (
        <>
            {jobs.length > 1 && <Chosen chosen={chosen} all={jobs} setChosen={setWanted} owner={owner} />}
            <Stack component="ul" p={0} m={0} gap="xs" style={{ listStyle: "none" }}>
                {jobs.map((job) => (
                    <JobRow
                        key={job.id}
                        job={job}
                        isMine={!owner}
                        release={job.printer ? `/printers/${job.printer}?jobs=${job.id}${of}` : `/release?last=1&jobs=${job.id}${of}`}
                        remove={remove}
                        chosen={isChosen.has(job.id)}
                        {...(jobs.length > 1 ? { choose } : {})}
                    />
                ))}
            </Stack>
            <Suspense>{deleting && <DeleteJobs jobs={deleting} close={() => setDeleting(null)} />}</Suspense>
        </>
    );
}

function Deeds({ owner, isSome }: { owner: string; isSome: boolean }) {
    const { t } = useTranslation("jobs");

    return (
        <>
            <Button component={Link} href="/send" variant="default" leftSection={<IconUpload size={18} aria-hidden />}>
                {t("send")}
            </Button>
            {isSome && (
                <Button
                    component={Link}
                    href={`/release?last=1${owner ? `&owner=${encodeURIComponent(owner)}` : ""}`}
                    leftSection={<IconPrinter size={18} aria-hidden />}
                >
                    {t("printAll")}
                </Button>
            )}
        </>
    );
}

export default function JobsPage() {
    const { t } = useTranslation("jobs");
    const [params, setParams] = useSearchParams();
    const owner = params.get("owner") ?? "";
    const jobs = useJobs("held", owner || undefined);

    return (
        <Page title={t("title")} lead={t("lead")} actions={<Deeds owner={owner} isSome={!!jobs.items?.length} />}>
            <JobTabs />
            <Whose owner={owner} change={(whose) => setParams(whose ? { owner: whose } : {})} />
            {!owner && <UnderWay />}
            <Loaded query={jobs.query}>
                {() =>
                    jobs.items?.length ? (
                        <Held key={owner} owner={owner} jobs={jobs.items} />
                    ) : (
                        <Empty words={t("none")} hint={t(owner ? "noneOfOwner" : "noneHint")}>
                            {!owner && (
                                <Text component={Link} href="/set-up" c="var(--mantine-color-anchor)">
                                    {t("setUp")}
                                </Text>
                            )}
                        </Empty>
                    )
                }
            </Loaded>
            {jobs.hasMore && (
                <Button variant="default" loading={jobs.isFetchingMore} onClick={jobs.more}>
                    {t("shell:more")}
                </Button>
            )}
        </Page>
    );
}
