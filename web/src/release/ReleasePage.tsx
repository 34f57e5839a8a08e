// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconNfc, IconQrcode } from "@tabler/icons-react";
import { type FormEvent, lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Redirect, useLocation, useSearchParams } from "wouter";

import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { useMine } from "./mine";
import { PrinterChoice } from "./PrinterChoice";
import { canReadTags, readTags } from "./tag";
import { panelCode, printerPage } from "./target";

const Scan = lazy(() => import("./Scan"));

/* What is to be printed goes along to the printer that is chosen. */
function withOrder(path: string, params: URLSearchParams): string {
    const [page, query = ""] = path.split("?");
    const all = new URLSearchParams(query);

    for (const name of ["jobs", "owner", "again"]) if (params.has(name)) all.set(name, params.get(name)!);
    return all.size ? `${page}?${all}` : page!;
}

function Tag({ found }: { found: (path: string) => void }) {
    const { t } = useTranslation("release");
    const [state, setState] = useState<"off" | "on" | "refused" | "elsewhere">("off");

    useEffect(() => {
        if (state !== "on") return;
        const over = new AbortController();
        readTags(over.signal, (address) => {
            const path = printerPage(address, location.origin);
            if (path) found(path);
            else setState("elsewhere");
        }).catch(() => setState("refused"));
        return () => over.abort();
    }, [state, found]);
    return (
        <Stack gap={4}>
            <Button variant="default" size="md" leftSection={<IconNfc size={20} aria-hidden />} loading={state === "on"} onClick={() => setState("on")}>
                {t("tag.read")}
            </Button>
            <Text size="sm" role="status">
                {state === "off" ? "" : t(`tag.${state}`)}
            </Text>
        </Stack>
    );
}

/* A panel shows a code of the minute; typed in here, it opens for whoever is signed in. */
function PanelCode() {
    const { t } = useTranslation("release");
    const [typed, setTyped] = useState("");
    const [isWrong, setWrong] = useState(false);
    const send = (event: FormEvent) => {
        event.preventDefault();
        const code = panelCode(typed);
        if (code) location.assign(`/device?user_code=${encodeURIComponent(code)}`);
        else setWrong(true);
    };

    return (
        <form onSubmit={send} style={{ maxWidth: "100%" }}>
            <Group align="flex-end" gap="xs" wrap="nowrap">
                <TextInput
                    label={t("code.label")}
                    placeholder="WDJB-MJHT"
                    value={typed}
                    error={isWrong ? t("code.wrong") : null}
                    autoComplete="off"
                    autoCapitalize="characters"
                    spellCheck={false}
                    maxLength={16}
                    maw={220}
                    onChange={(event) => {
                        setTyped(event.currentTarget.value);
                        setWrong(false);
                    }}
                />
                <Button type="submit" variant="default">
                    {t("code.go")}
                </Button>
            </Group>
        </form>
    );
}

/* "Print" means where it came out last; any other printer is one press away from there. */
export default function ReleasePage() {
    const [params] = useSearchParams();
    const { t } = useTranslation("release");
    const { query, last } = useMine();

    if (params.has("last") && query.isPending)
        return (
            <Page title={t("title")}>
                <Loaded query={query}>{() => null}</Loaded>
            </Page>
        );
    return params.has("last") && last?.accepting ? <Redirect to={withOrder(`/printers/${last.id}`, params)} replace /> : <Where />;
}

function Where() {
    const { t } = useTranslation("release");
    const [, go] = useLocation();
    const [params] = useSearchParams();
    const [isScanning, setScanning] = useState(false);
    const jobs = params.get("jobs")?.split(",").filter(Boolean) ?? [];
    const count = jobs.length;
    const choose = (path: string) => {
        // A plain page, which the service makes.
        if (path.startsWith("/device")) location.assign(path);
        else go(withOrder(path, params));
    };

    return (
        <Page title={t("title")} lead={count ? t("leadSome", { count }) : t("leadAll")}>
            {params.has("again") && <Alert color="orange">{t("again")}</Alert>}
            <Group align="flex-end">
                <Button size="md" leftSection={<IconQrcode size={20} aria-hidden />} onClick={() => setScanning(true)}>
                    {t("scan.title")}
                </Button>
                {canReadTags() && <Tag found={choose} />}
                <PanelCode />
            </Group>
            <PrinterChoice jobs={jobs} choose={(printer) => choose(`/printers/${printer.id}`)} />
            <Suspense>{isScanning && <Scan close={() => setScanning(false)} found={choose} />}</Suspense>
        </Page>
    );
}
