// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Confirm } from "../parts/Confirm";
import { Empty } from "../parts/Empty";
import { called, names, useAgents } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";
import { useMe } from "../shell/me";
import { Models } from "./Models";
import { ReaderDialog } from "./ReaderDialog";

type Reader = Schemas["Reader"];

function PrinterName({ id }: { id: string }) {
    const printer = useQuery({
        queryKey: ["printers", id],
        queryFn: () => done(api.GET("/v1/printers/{printer}", { params: { path: { printer: id } } })),
    });

    return <Name of={printer.data ? called(printer.data) : ""} inherit />;
}

function Row({ reader, agent, change, remove }: { reader: Reader; agent: string; change: () => void; remove: () => void }) {
    const { t } = useTranslation("readers");
    const way = reader.dial ? t("dials", { address: reader.address, port: reader.dial }) : reader.address ? t("from", { address: reader.address }) : t("anyAddress");

    return (
        <Paper component="li" withBorder px="sm" py={8}>
            <Group justify="space-between" gap="xs">
                <div style={{ minWidth: 0, flex: "1 1 14rem" }}>
                    <Text fw={600} component="div">
                        <PrinterName id={reader.printer} />
                    </Text>
                    <Text size="sm" c="dimmed">
                        {[reader.name, t(`model.${reader.model}`), agent, way].join(" · ")}
                    </Text>
                    <Text size="sm">{[t(`selection.${reader.selection}`), reader.pin ? t("withPin") : null].filter(Boolean).join(" · ")}</Text>
                </div>
                <Group gap="xs">
                    <Button size="compact-sm" variant="default" onClick={change} aria-label={`${t("shell:edit")}: ${reader.name}`}>
                        {t("shell:edit")}
                    </Button>
                    <Button size="compact-sm" variant="default" onClick={remove} aria-label={`${t("shell:delete")}: ${reader.name}`}>
                        {t("shell:delete")}
                    </Button>
                </Group>
            </Group>
        </Paper>
    );
}

export default function ReadersPage() {
    const { t } = useTranslation("readers");
    const { person } = useMe();
    const { act, isBusy } = useAct();
    const agentOf = names(useAgents().data);
    const [shown, setShown] = useState<Reader | "new" | null>(null);
    const [leaving, setLeaving] = useState<Reader | null>(null);
    const readers = usePaged(["readers", "list"], (after) => done(api.GET("/v1/readers", { params: { query: after ? { after } : {} } })));

    async function remove() {
        await act(() => done(api.DELETE("/v1/readers/{reader}", { params: { path: { reader: leaving!.id } } })), { again: ["readers"] });
        setLeaving(null);
    }

    return (
        <Page title={t("title")} lead={t("lead")} actions={<Button onClick={() => setShown("new")}>{t("add")}</Button>}>
            <Loaded query={readers.query}>
                {() =>
                    readers.items?.length ? (
                        <Stack component="ul" gap={6} p={0} m={0} style={{ listStyle: "none" }} aria-label={t("title")}>
                            {readers.items.map((reader) => (
                                <Row key={reader.id} reader={reader} agent={agentOf(reader.agent)} change={() => setShown(reader)} remove={() => setLeaving(reader)} />
                            ))}
                        </Stack>
                    ) : (
                        <Empty words={t("none")} hint={t("noneHint")} />
                    )
                }
            </Loaded>
            <More of={readers} />
            {person.role === "administrator" && <Models />}
            {shown && <ReaderDialog reader={shown === "new" ? null : shown} close={() => setShown(null)} />}
            <Confirm
                opened={leaving !== null}
                title={t("delete.title")}
                words={t("delete.words")}
                deed={t("shell:delete")}
                busy={isBusy}
                close={() => setLeaving(null)}
                confirm={() => void remove()}
            />
        </Page>
    );
}
