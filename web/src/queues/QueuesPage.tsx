// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Badge, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Copied } from "../parts/Copied";
import { called } from "../parts/everything";
import { Listing } from "../parts/Listing";
import { Name } from "../parts/Name";
import { usePaged } from "../parts/usePaged";
import { QueueDialog } from "./QueueDialog";

type Queue = Schemas["Queue"];

function Row({ of }: { of: Queue }) {
    const { t } = useTranslation("queues");
    const printer = useQuery({
        queryKey: ["printers", of.printer],
        queryFn: () => done(api.GET("/v1/printers/{printer}", { params: { path: { printer: of.printer! } } })),
        enabled: of.printer !== null,
    });
    const marks = [!of.accepting && t("closed"), of.documents === "site" && t("stays"), of.accounting !== "none" && t("asksWhoPays")];

    return (
        <Stack gap={4}>
            <Group gap="xs">
                <Anchor component={Link} href={`/admin/queues/${of.id}`} fw={600}>
                    <Name of={called(of)} inherit />
                </Anchor>
                {marks.map(
                    (mark) =>
                        mark && (
                            <Badge key={mark} variant="dot" color="gray" tt="none">
                                {mark}
                            </Badge>
                        ),
                )}
            </Group>
            <Text size="sm" c="dimmed">
                {t(`kind.${of.kind}`)}
                {printer.data && called(printer.data) !== called(of) && (
                    <>
                        {": "}
                        <bdi>{called(printer.data)}</bdi>
                    </>
                )}
            </Text>
            <Copied value={`ipps://${location.host}${of.path}`} label={t("address")} />
        </Stack>
    );
}

export default function QueuesPage() {
    const { t } = useTranslation("queues");
    const queues = usePaged(["queues", "list"], (after) => done(api.GET("/v1/queues", { params: { query: after ? { after } : {} } })));

    return (
        <Listing
            words={t}
            of={queues}
            name={called}
            Row={Row}
            Dialog={QueueDialog}
            remove={(queue) => done(api.DELETE("/v1/queues/{queue}", { params: { path: { queue: queue.id } } }))}
            again={["queues"]}
        />
    );
}
