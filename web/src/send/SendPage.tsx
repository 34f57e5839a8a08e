// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import "@mantine/dropzone/styles.css";

import { ActionIcon, Alert, Anchor, Button, Card, Collapse, Group, Paper, Progress, Radio, Select, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { IconAdjustments, IconCheck, IconChevronDown, IconChevronUp, IconFileUpload, IconSend, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";

import { api, done } from "../api/client";
import { Options } from "../jobs/Options";
import type { Ticket } from "../jobs/ticket";
import { amount } from "../parts/amount";
import { useComplain, useComplaint } from "../parts/complaint";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import type { Printer } from "../parts/printer";
import { printerTitle } from "../parts/printer";
import { release } from "../release/calls";
import { PrinterChoice } from "../release/PrinterChoice";
import { useMe } from "../shell/me";
import { takeOver } from "./handover";
import { type Item, useUploads } from "./useUploads";

/* Where documents wait for any printer. */
function usePullQueues() {
    const queues = useQuery({
        queryKey: ["queues", "all"],
        queryFn: () => done(api.GET("/v1/queues", { params: { query: { limit: 200 } } })),
        staleTime: 300_000,
    });

    return queues.data?.items.filter((queue) => queue.kind === "pull" && queue.accepting);
}

function State({ item }: { item: Item }) {
    const { t, i18n } = useTranslation("send");
    const complaint = useComplaint();
    const said = item.error ? complaint(item.error) : null;

    if (item.state === "sending")
        return (
            <Progress
                value={(100 * item.sent) / item.file.size}
                aria-label={t("progress", { name: item.file.name.slice(0, 100) })}
                mt={4}
                w="100%"
            />
        );
    return (
        <Text size="sm" c={item.state === "chosen" || item.state === "sent" ? "dimmed" : "bright"} role={said || item.fault ? "alert" : undefined}>
            {said ? `${said.title}. ${said.detail}` : item.fault ? t(`fault.${item.fault}`) : t(`state.${item.state}`, { size: amount(i18n.language, item.file.size) })}
        </Text>
    );
}

function Row({ item, remove, again }: { item: Item; remove: () => void; again: () => void }) {
    const { t } = useTranslation("send");

    return (
        <Paper component="li" withBorder p="sm">
            <Group wrap="nowrap">
                <div style={{ flex: 1, minWidth: 0 }}>
                    {item.job ? (
                        <Anchor component={Link} href={`/jobs/${item.job}`} c="bright">
                            <Name of={item.file.name} fw={600} />
                        </Anchor>
                    ) : (
                        <Name of={item.file.name} fw={600} />
                    )}
                    <State item={item} />
                </div>
                {item.state === "failed" && (
                    <Button size="compact-md" variant="default" onClick={again}>
                        {t("shell:again")}
                    </Button>
                )}
                {item.state === "sent" ? (
                    <IconCheck size={22} color="var(--mantine-color-green-7)" aria-hidden />
                ) : (
                    <ActionIcon
                        variant="subtle"
                        color="gray"
                        size="lg"
                        aria-label={t(item.state === "sending" ? "stop" : "remove", { name: item.file.name.slice(0, 100) })}
                        onClick={remove}
                    >
                        <IconX size={20} aria-hidden />
                    </ActionIcon>
                )}
            </Group>
        </Paper>
    );
}

/* Files that are dropped anywhere in the field, picked, pasted, or handed over. */
function Pick({ add }: { add: (files: File[]) => void }) {
    const { t } = useTranslation("send");

    useEffect(() => takeOver(add), [add]);
    useEffect(() => {
        const paste = (event: ClipboardEvent) => {
            const files = [...(event.clipboardData?.files ?? [])];
            if (files.length) add(files);
        };
        document.addEventListener("paste", paste);
        return () => document.removeEventListener("paste", paste);
    }, [add]);
    return (
        <Dropzone onDrop={add} useFsAccessApi={false} inputProps={{ "aria-label": t("pick") }} p="xl">
            <Stack align="center" gap="xs" style={{ pointerEvents: "none" }}>
                <IconFileUpload size={44} stroke={1.3} aria-hidden />
                <Text fw={600}>{t("drop")}</Text>
                <Text size="sm" c="dimmed" ta="center">
                    {t("kinds")}
                </Text>
            </Stack>
        </Dropzone>
    );
}

type Then = "hold" | "print";

interface ThenProps {
    then: Then;
    setThen: (then: Then) => void;
    printer: Printer | null;
    setPrinter: (printer: Printer | null) => void;
}

function Afterwards({ then, setThen, printer, setPrinter }: ThenProps) {
    const { t } = useTranslation("send");

    return (
        <Stack>
            <Radio.Group label={t("then")} value={then} onChange={(value) => setThen(value as Then)}>
                <Group mt="xs">
                    <Radio value="hold" label={t("hold")} />
                    <Radio value="print" label={t("printNow")} />
                </Group>
            </Radio.Group>
            {then === "print" &&
                (printer ? (
                    <Group>
                        <Text>
                            <bdi>{printerTitle(printer)}</bdi>
                        </Text>
                        <Button size="compact-md" variant="default" onClick={() => setPrinter(null)}>
                            {t("otherPrinter")}
                        </Button>
                    </Group>
                ) : (
                    <PrinterChoice choose={setPrinter} />
                ))}
        </Stack>
    );
}

function asQuery(queue: string, ticket: Ticket): Record<string, string> {
    return { queue, ...Object.fromEntries(Object.entries(ticket).map(([name, value]) => [name, String(value)])) };
}

export default function SendPage() {
    const { t } = useTranslation("send");
    const { tenant } = useMe();
    const [, go] = useLocation();
    const complain = useComplain();
    const queues = usePullQueues();
    const [queue, setQueue] = useState<string | null>(null);
    const [ticket, setTicket] = useState<Ticket>({});
    const [areOptionsOpen, setOptionsOpen] = useState(false);
    const [then, setThen] = useState<Then>("hold");
    const [printer, setPrinter] = useState<Printer | null>(null);
    const [isBusy, setBusy] = useState(false);
    const uploads = useUploads(tenant.document_octets_max);
    const to = queue ?? queues?.[0]?.name;
    const ready = uploads.items.filter((item) => item.state === "chosen" || item.state === "failed");

    const print = async (jobs: string[]) => {
        try {
            const made = await release({ printer: printer!.id, jobs, unsupported: "adapt" }, crypto.randomUUID());
            go(`/printers/${printer!.id}?release=${made.id}`);
        } catch (error) {
            complain(error);
        }
    };
    const send = async (items: readonly Item[]) => {
        setBusy(true);
        const jobs: (string | null)[] = [];
        for (const item of items) jobs.push(await uploads.send(item, asQuery(to!, ticket)));
        const made = jobs.filter((job) => job !== null);
        setBusy(false);
        if (then === "print" && printer && made.length) await print(made);
    };

    if (queues && !queues.length)
        return (
            <Page title={t("title")}>
                <Alert color="orange" title={t("noQueue")}>
                    {t("noQueueWords")}
                </Alert>
            </Page>
        );
    return (
        <Page title={t("title")} lead={t("lead")} size="md">
            <Pick add={uploads.add} />
            {uploads.items.length > 0 && (
                <Stack component="ul" p={0} m={0} gap="xs" style={{ listStyle: "none" }} aria-label={t("files")}>
                    {uploads.items.map((item) => (
                        <Row key={item.id} item={item} remove={() => uploads.remove(item)} again={() => void send([item])} />
                    ))}
                </Stack>
            )}
            {(queues?.length ?? 0) > 1 && (
                <Select
                    label={t("queue")}
                    data={queues!.map((one) => ({ value: one.name, label: one.title ?? one.name }))}
                    value={to ?? null}
                    allowDeselect={false}
                    onChange={setQueue}
                />
            )}
            <Card withBorder padding="md">
                <Stack>
                    <UnstyledButton onClick={() => setOptionsOpen(!areOptionsOpen)} aria-expanded={areOptionsOpen}>
                        <Group gap={6}>
                            <IconAdjustments size={18} aria-hidden />
                            <Title order={2} size="h5">
                                {t("jobs:options.title")}
                            </Title>
                            {areOptionsOpen ? <IconChevronUp size={18} aria-hidden /> : <IconChevronDown size={18} aria-hidden />}
                        </Group>
                    </UnstyledButton>
                    <Collapse expanded={areOptionsOpen}>
                        <Options ticket={ticket} change={setTicket} {...(printer && then === "print" ? { printer } : {})} />
                    </Collapse>
                    <Afterwards then={then} setThen={setThen} printer={printer} setPrinter={setPrinter} />
                </Stack>
            </Card>
            <Button
                size="lg"
                leftSection={<IconSend size={20} aria-hidden />}
                loading={isBusy}
                disabled={!to || ready.length === 0 || (then === "print" && !printer)}
                onClick={() => void send(ready)}
            >
                {t(then === "print" ? "sendAndPrint" : "send", { count: ready.length })}
            </Button>
            <Text role="status">
                {!isBusy && uploads.items.some((item) => item.state === "sent") && (
                    <>
                        {t("waits")}{" "}
                        <Anchor component={Link} href="/" underline="always">
                            {t("toJobs")}
                        </Anchor>
                    </>
                )}
            </Text>
        </Page>
    );
}
