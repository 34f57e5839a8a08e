// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Anchor, Button, Collapse, Group, Modal, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconAdjustments, IconPrinter } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "wouter";

import { api, done } from "../api/client";
import { Problem } from "../api/problem";
import { useJobs } from "../jobs/calls";
import { Options } from "../jobs/Options";
import type { Job } from "../jobs/standing";
import { useComplain } from "../parts/complaint";
import { Empty } from "../parts/Empty";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { type Printer, printerTitle, usePrinter } from "../parts/printer";
import { type Order, release, type Ticket } from "./calls";
import { Choice } from "./Choice";
import { obstacle } from "./eligible";
import { PrinterCondition } from "./PrinterCondition";
import { Progress } from "./Progress";
import { Quick } from "./Quick";

/* Those that were chosen before, whatever their state (again: of one that is uncertain); otherwise all that is held. */
function useWanted(params: URLSearchParams) {
    const ids = params.get("jobs")?.split(",").filter(Boolean).slice(0, 256) ?? null;
    const owner = params.get("owner") ?? undefined;
    const held = useJobs("held", owner);
    const named = useQuery({
        queryKey: ["jobs", "named", ids],
        queryFn: () => Promise.all(ids!.map((job) => done(api.GET("/v1/jobs/{job}", { params: { path: { job } } })))),
        enabled: ids !== null,
    });

    return ids ? { query: named, jobs: named.data as Job[] | undefined, more: null } : { query: held.query, jobs: held.items, more: held.hasMore ? held.more : null };
}

/* What a printer or policy asks for beyond the ticket. */
interface Asked {
    account: string;
    user: string;
    digits: string;
    code: string; // that the panel of the printer shows: who has it is there
}

function Questions({ printer, asked, change, wantsDigits, wantsCode }: { printer: Printer; asked: Asked; change: (a: Asked) => void; wantsDigits: boolean; wantsCode: boolean }) {
    const { t } = useTranslation("release");

    return (
        <Group>
            {printer.accounting !== "none" && (
                <TextInput label={t("account")} value={asked.account} maxLength={255} onChange={(e) => change({ ...asked, account: e.currentTarget.value })} />
            )}
            {printer.accounting === "account-and-user" && (
                <TextInput label={t("accountUser")} value={asked.user} maxLength={255} onChange={(e) => change({ ...asked, user: e.currentTarget.value })} />
            )}
            {wantsCode && (
                <TextInput
                    label={t("code.label")}
                    placeholder="WDJB-MJHT"
                    value={asked.code}
                    autoComplete="off"
                    autoCapitalize="characters"
                    spellCheck={false}
                    maxLength={16}
                    onChange={(e) => change({ ...asked, code: e.currentTarget.value })}
                />
            )}
            {wantsDigits && (
                <TextInput
                    label={t("digits")}
                    description={t("digitsWords")}
                    value={asked.digits}
                    inputMode="numeric"
                    autoComplete="off"
                    maxLength={16}
                    onChange={(e) => change({ ...asked, digits: e.currentTarget.value })}
                />
            )}
        </Group>
    );
}

const PRESENCE = ["presence-needed", "code-old", "code-of-another-printer"];

/* One press is one release: its key stays until it was answered or something else is wanted. */
function usePress(after: (id: string) => void) {
    const client = useQueryClient();
    const complain = useComplain();
    const key = useRef("");
    const [unsupported, setUnsupported] = useState(false);
    const [wantsDigits, setWantsDigits] = useState(false);
    const [wantsCode, setWantsCode] = useState(false);
    const press = useMutation({
        mutationFn: (order: Order) => release(order, key.current),
        onSuccess: (made) => {
            void client.invalidateQueries({ queryKey: ["jobs"] });
            after(made.id);
        },
        onError: (error) => {
            const code = error instanceof Problem ? error.code : "";
            if (code === "unsupported") setUnsupported(true);
            else complain(error);
            if (code === "job-password-needed") setWantsDigits(true);
            if (PRESENCE.includes(code)) setWantsCode(true);
        },
    });

    return {
        isBusy: press.isPending,
        send: (order: Order) => {
            key.current = crypto.randomUUID();
            setUnsupported(false);
            press.mutate(order);
        },
        last: press.variables,
        unsupported,
        forget: () => setUnsupported(false),
        wantsDigits,
        wantsCode,
    };
}

function Here({ printer, params, after }: { printer: Printer; params: URLSearchParams; after: (release: string) => void }) {
    const { t } = useTranslation("release");
    const { query, jobs, more } = useWanted(params);
    const owner = params.get("owner");
    const [left, setLeft] = useState<string[]>([]); // those that are not wanted now
    const [ticket, setTicket] = useState<Ticket>({});
    const [areOptionsOpen, setOptionsOpen] = useState(false);
    const [asked, setAsked] = useState<Asked>({ account: "", user: "", digits: "", code: params.get("code") ?? "" });
    const press = usePress(after);
    const possible = (jobs ?? []).filter((job) => obstacle(job, printer) === null).map((job) => job.id);
    const chosen = possible.filter((id) => !left.includes(id));
    const pages = jobs?.length === 1 ? jobs[0]!.pages : null;

    const order = (unsupported?: "adapt"): Order => ({
        printer: printer.id,
        jobs: chosen.slice(0, 256),
        ...(params.has("again") ? { again: true } : {}),
        ...(Object.keys(ticket).length ? { ticket } : {}),
        ...(unsupported ? { unsupported } : {}),
        ...(asked.account || asked.user ? { accounting: { ...(asked.account ? { account: asked.account } : {}), ...(asked.user ? { user: asked.user } : {}) } } : {}),
        ...(asked.code ? { panel_code: asked.code } : {}),
        ...(asked.digits ? { job_password: asked.digits } : {}),
    });

    return (
        <Stack>
            <Loaded query={query as Parameters<typeof Loaded>[0]["query"]}>
                {() =>
                    jobs?.length ? (
                        <Choice
                            jobs={jobs}
                            printer={printer}
                            ticket={ticket}
                            chosen={chosen}
                            choose={(ids) => setLeft(possible.filter((id) => !ids.includes(id)))}
                            isMine={!owner}
                        />
                    ) : (
                        <Empty words={t("nothing")} hint={t("nothingHint")}>
                            <Button component={Link} href="/send" variant="default">
                                {t("send")}
                            </Button>
                        </Empty>
                    )
                }
            </Loaded>
            {more && (
                <Button variant="subtle" onClick={more}>
                    {t("shell:more")}
                </Button>
            )}
            {possible.length > 0 && (
                <>
                    <Quick ticket={ticket} change={setTicket} printer={printer} />
                    <UnstyledButton
                        onClick={() => setOptionsOpen(!areOptionsOpen)}
                        aria-expanded={areOptionsOpen}
                        c="var(--mantine-color-anchor)"
                        py={4}
                        style={{ alignSelf: "flex-start" }}
                    >
                        <Group gap={6}>
                            <IconAdjustments size={18} aria-hidden />
                            {t("options")}
                        </Group>
                    </UnstyledButton>
                    <Collapse expanded={areOptionsOpen}>
                        <Options ticket={ticket} change={setTicket} printer={printer} pages={pages} />
                    </Collapse>
                    <Questions printer={printer} asked={asked} change={setAsked} wantsDigits={press.wantsDigits} wantsCode={press.wantsCode} />
                    <Button
                        size="lg"
                        leftSection={<IconPrinter size={22} aria-hidden />}
                        loading={press.isBusy}
                        disabled={chosen.length === 0}
                        onClick={() => press.send(order())}
                        style={{ position: "sticky", bottom: 16, zIndex: 1 }}
                    >
                        {t("printHere", { count: chosen.length })}
                    </Button>
                </>
            )}
            <Modal
                opened={press.unsupported}
                onClose={press.forget}
                title={t("unsupported.title")}
                centered
                closeButtonProps={{ "aria-label": t("shell:close") }}
            >
                <Stack>
                    <Text>{t("unsupported.words")}</Text>
                    <Group justify="flex-end">
                        <Button variant="default" onClick={press.forget}>
                            {t("shell:cancel")}
                        </Button>
                        <Button onClick={() => press.send(order("adapt"))}>{t("unsupported.adapt")}</Button>
                    </Group>
                </Stack>
            </Modal>
        </Stack>
    );
}

/* What the QR code on a printer opens: all of mine comes out here with one press. */
function Found({ printer }: { printer: Printer }) {
    const { t } = useTranslation("release");
    const [params, setParams] = useSearchParams();
    const made = params.get("release");
    const owner = params.get("owner");

    return (
        <Stack>
            <Group justify="space-between">
                <PrinterCondition printer={printer} />
                {!made && (
                    <Anchor component={Link} href={`/release${params.size ? `?${params}` : ""}`}>
                        {t("elsewhere")}
                    </Anchor>
                )}
            </Group>
            {owner && <Text>{t("of", { owner })}</Text>}
            {params.has("again") && !made && <Alert color="orange">{t("again")}</Alert>}
            {made ? <Progress release={made} /> : <Here printer={printer} params={params} after={(id) => setParams({ release: id })} />}
        </Stack>
    );
}

export default function PrinterPage() {
    const { t } = useTranslation("release");
    const { printer: id = "" } = useParams();
    const printer = usePrinter(id);

    return (
        <Page
            size="md"
            title={printer.data ? printerTitle(printer.data).slice(0, 120) : t("printer")}
            lead={[printer.data?.location, printer.data?.make_and_model].filter(Boolean).join(" · ").slice(0, 300)}
        >
            <Loaded query={printer}>{(found) => <Found printer={found} />}</Loaded>
        </Page>
    );
}
