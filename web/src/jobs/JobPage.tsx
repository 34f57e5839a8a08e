// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Button, Card, Group, PasswordInput, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconClockPlus, IconDownload, IconPrinter, IconTrash } from "@tabler/icons-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useParams } from "wouter";

import type { Schemas } from "../api/client";
import { amount } from "../parts/amount";
import { Back } from "../parts/Back";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { printerTitle, usePrinter } from "../parts/printer";
import { useTime } from "../parts/time";
import { useMe } from "../shell/me";
import { useChangeJob, useGivePassword, useJob } from "./calls";
import DeleteJobs from "./DeleteJobs";
import { DidItPrint } from "./DidItPrint";
import { useContents, useCost } from "./JobRow";
import { Options } from "./Options";
import { Preview } from "./Preview";
import { useReason } from "./reason";
import { colourOf, needsReason, standing } from "./standing";
import type { Ticket } from "./ticket";
import { Timeline } from "./Timeline";

type Job = Schemas["JobWithTimeline"];

function Section({ title, children }: { title: string; children: ReactNode }) {
    return (
        <Card withBorder padding="md" component="section">
            <Title order={2} size="h4" mb="sm">
                {title}
            </Title>
            {children}
        </Card>
    );
}

/* Where it is, and why it is not on paper: one sentence before anything else. */
function Where({ job }: { job: Job }) {
    const { t } = useTranslation("jobs");
    const state = standing(job);
    const printer = usePrinter(job.delivery?.printer ?? job.printer).data;
    const why = useReason()(job.reason ?? job.inspection.reason);
    const reason = needsReason(state) ? why : null;

    if (state === "uncertain" || state === "sent") return <DidItPrint job={job} />;
    return (
        <Alert color={colourOf(state)} title={t(`standing.${state}`)} role="status">
            <Stack gap={4}>
                <Text size="sm">{t(`where.${state}`, { printer: printer ? printerTitle(printer) : t("thePrinter") })}</Text>
                {reason && <Text size="sm">{reason}</Text>}
                {job.printer && job.state === "held" && printer && <Text size="sm">{t("onlyAt", { printer: printerTitle(printer) })}</Text>}
            </Stack>
        </Alert>
    );
}

function DocumentPassword({ job }: { job: Job }) {
    const { t } = useTranslation("jobs");
    const [password, setPassword] = useState("");
    const give = useGivePassword(job.id);
    const send = (event: FormEvent) => {
        event.preventDefault();
        give.mutate(password, { onSuccess: () => setPassword("") });
    };

    return (
        <form onSubmit={send}>
            <Group align="flex-end">
                <PasswordInput
                    flex={1}
                    label={t("documentPassword")}
                    value={password}
                    maxLength={127}
                    autoComplete="off"
                    required
                    onChange={(event) => setPassword(event.currentTarget.value)}
                />
                <Button type="submit" loading={give.isPending}>
                    {t("give")}
                </Button>
            </Group>
        </form>
    );
}

/* What was changed and not saved yet stays, whatever comes in meanwhile. */
function Change({ job }: { job: Job }) {
    const { t } = useTranslation("jobs");
    const [changed, setChanged] = useState<Ticket | null>(null);
    const change = useChangeJob(job.id);
    const printer = usePrinter(job.printer).data;

    return (
        <Section title={t("options.title")}>
            <Stack>
                <Options ticket={changed ?? job.ticket} change={setChanged} printer={printer} pages={job.pages} disabled={job.state !== "held"} />
                {job.state === "held" && (
                    <Group>
                        <Button
                            disabled={!changed}
                            loading={change.isPending}
                            onClick={() => change.mutate({ ticket: changed! }, { onSuccess: () => setChanged(null) })}
                        >
                            {t("shell:save")}
                        </Button>
                        {changed && (
                            <Button variant="subtle" onClick={() => setChanged(null)}>
                                {t("shell:cancel")}
                            </Button>
                        )}
                        <Text role="status" size="sm">
                            {change.isSuccess && !changed ? t("saved") : ""}
                        </Text>
                    </Group>
                )}
            </Stack>
        </Section>
    );
}

function Facts({ job }: { job: Job }) {
    const { t, i18n } = useTranslation("jobs");
    const { full, ago } = useTime();
    const contents = useContents()(job);
    const cost = useCost()(job.cost);
    const rows: [string, string][] = [
        [t("facts.sent"), full(job.created)],
        ...(contents ? [[t("facts.contents"), contents] as [string, string]] : []),
        ...(cost ? [[t("facts.cost"), cost] as [string, string]] : []),
        [t("facts.size"), amount(i18n.language, job.size)],
        ...(job.expires && job.state === "held" ? [[t("facts.expires"), `${full(job.expires)} (${ago(job.expires)})`] as [string, string]] : []),
        ...(job.inspection.application ? [[t("facts.application"), job.inspection.application] as [string, string]] : []),
        [t("facts.number"), String(job.number)],
    ];

    return (
        <SimpleGrid component="dl" cols={{ base: 2, xs: 3 }} m={0} spacing="sm">
            {rows.map(([name, value]) => (
                <div key={name}>
                    <Text component="dt" size="xs" c="dimmed">
                        {name}
                    </Text>
                    <Text component="dd" m={0} size="sm">
                        <bdi>{value}</bdi>
                    </Text>
                </div>
            ))}
        </SimpleGrid>
    );
}

function Deeds({ job, isMine }: { job: Job; isMine: boolean }) {
    const { t } = useTranslation("jobs");
    const [, go] = useLocation();
    const [isDeleting, setDeleting] = useState(false);
    const change = useChangeJob(job.id);
    const of = isMine ? "" : `&owner=${encodeURIComponent(job.owner_email ?? "")}`;
    const where = job.printer ? `/printers/${job.printer}?jobs=${job.id}${of}` : `/release?last=1&jobs=${job.id}${of}`;

    return (
        <Group gap="xs">
            {job.state === "held" && (
                <Button component={Link} href={where} leftSection={<IconPrinter size={18} aria-hidden />}>
                    {t("print")}
                </Button>
            )}
            {job.state === "held" && !job.stays_at && (
                <Button
                    variant="default"
                    leftSection={<IconClockPlus size={18} aria-hidden />}
                    loading={change.isPending}
                    onClick={() => change.mutate({ keep: true })}
                >
                    {t("keep")}
                </Button>
            )}
            {isMine && job.expires && !job.stays_at && (
                <Button
                    component="a"
                    href={`/v1/jobs/${job.id}/document`}
                    download
                    variant="default"
                    leftSection={<IconDownload size={18} aria-hidden />}
                >
                    {t("download")}
                </Button>
            )}
            {["receiving", "held", "releasing"].includes(job.state) && job.delivery?.state !== "armed" && (
                <Button variant="default" leftSection={<IconTrash size={18} aria-hidden />} onClick={() => setDeleting(true)}>
                    {t("shell:delete")}
                </Button>
            )}
            {isDeleting && <DeleteJobs jobs={[job.id]} close={() => setDeleting(false)} after={() => go("/")} />}
        </Group>
    );
}

function Shown({ job }: { job: Job }) {
    const { t } = useTranslation("jobs");
    const me = useMe();
    const isMine = job.owner === me.person.id;
    const hasPages = isMine && !!job.expires && !!job.pages && !job.stays_at;

    return (
        <Stack gap="lg">
            {!isMine && <Text>{t("of", { owner: job.owner_email ?? "" })}</Text>}
            <Where job={job} />
            {standing(job) === "password" && isMine && <DocumentPassword job={job} />}
            <Deeds job={job} isMine={isMine} />
            <SimpleGrid cols={{ base: 1, md: hasPages ? 2 : 1 }}>
                {hasPages && (
                    <Section title={t("preview")}>
                        <Preview job={job.id} pages={job.pages ?? 1} />
                    </Section>
                )}
                <Stack>
                    {job.state === "held" && <Change job={job} />}
                    <Section title={t("facts.title")}>
                        <Facts job={job} />
                    </Section>
                    <Section title={t("timeline")}>
                        <Timeline events={job.timeline} />
                    </Section>
                </Stack>
            </SimpleGrid>
        </Stack>
    );
}

export default function JobPage() {
    const { t } = useTranslation("jobs");
    const { job: id = "" } = useParams();
    const job = useJob(id);

    return (
        <Page
            size="xl"
            title={job.data?.title?.slice(0, 120) ?? t("untitled")}
            back={<Back to="/" words={t("back")} />}
        >
            <Loaded query={job}>{(found) => <Shown job={found} />}</Loaded>
        </Page>
    );
}
