// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Badge, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Confirm } from "../parts/Confirm";
import { Copied } from "../parts/Copied";
import { called } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";
import { QueueDialog } from "./QueueDialog";

type Queue = Schemas["Queue"];

function Row({ queue, change, remove }: { queue: Queue; change: () => void; remove: () => void }) {
    const { t } = useTranslation("queues");
    const printer = useQuery({
        queryKey: ["printers", queue.printer],
        queryFn: () => done(api.GET("/v1/printers/{printer}", { params: { path: { printer: queue.printer! } } })),
        enabled: queue.printer !== null,
    });

    return (
        <Paper component="li" withBorder px="sm" py="xs">
            <Group justify="space-between" gap="xs" align="flex-start">
                <Stack gap={4} style={{ minWidth: 0, flex: "1 1 16rem" }}>
                    <Name of={called(queue)} fw={600} />
                    <Text size="sm" c="dimmed">
                        {t(`kind.${queue.kind}`)} {printer.data && <Name of={called(printer.data)} inherit />}
                    </Text>
                    <Copied value={`ipps://${location.host}${queue.path}`} label={t("address")} />
                </Stack>
                <Group gap="xs">
                    {!queue.accepting && (
                        <Badge variant="dot" color="gray" tt="none">
                            {t("closed")}
                        </Badge>
                    )}
                    {queue.documents === "site" && (
                        <Badge variant="dot" color="blue" tt="none">
                            {t("stays")}
                        </Badge>
                    )}
                    <Button size="compact-sm" variant="default" onClick={change} aria-label={`${t("shell:edit")}: ${called(queue)}`}>
                        {t("shell:edit")}
                    </Button>
                    <Button size="compact-sm" variant="default" onClick={remove} aria-label={`${t("shell:delete")}: ${called(queue)}`}>
                        {t("shell:delete")}
                    </Button>
                </Group>
            </Group>
        </Paper>
    );
}

export default function QueuesPage() {
    const { t } = useTranslation("queues");
    const { act, isBusy } = useAct();
    const [shown, setShown] = useState<Queue | "new" | null>(null);
    const [leaving, setLeaving] = useState<Queue | null>(null);
    const queues = usePaged(["queues", "list"], (after) => done(api.GET("/v1/queues", { params: { query: after ? { after } : {} } })));

    async function remove() {
        await act(() => done(api.DELETE("/v1/queues/{queue}", { params: { path: { queue: leaving!.id } } })), { again: ["queues"] });
        setLeaving(null);
    }

    return (
        <Page title={t("title")} lead={t("lead")} actions={<Button onClick={() => setShown("new")}>{t("add")}</Button>}>
            <Loaded query={queues.query}>
                {() => (
                    <Stack component="ul" gap={6} p={0} m={0} style={{ listStyle: "none" }} aria-label={t("title")}>
                        {queues.items?.map((queue) => (
                            <Row key={queue.id} queue={queue} change={() => setShown(queue)} remove={() => setLeaving(queue)} />
                        ))}
                    </Stack>
                )}
            </Loaded>
            <More of={queues} />
            {shown && <QueueDialog queue={shown === "new" ? null : shown} close={() => setShown(null)} />}
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
