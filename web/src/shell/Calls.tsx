// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Badge, Code, CopyButton, Button, Drawer, Group, Stack, Text } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import { type Call, readCalls, watchCalls } from "../api/calls";

/* As somebody would say it in a shell; the token is his own ("imprimatur token add"). */
function asCurl(call: Call): string {
    const lines = [`curl -X ${call.method} '${location.origin}${call.path}'`, `-H "Authorization: Bearer $TOKEN"`];

    if (call.body) lines.push("-H 'Content-Type: application/json'", `-d '${call.body.replaceAll("'", "'\\''")}'`);
    return lines.join(" \\\n    ");
}

function One({ call }: { call: Call }) {
    const { t } = useTranslation();

    return (
        <Stack gap={4} component="li">
            <Group gap="xs" wrap="nowrap">
                <Badge variant="default">{call.method}</Badge>
                <Code style={{ overflowWrap: "anywhere" }}>{call.path}</Code>
            </Group>
            {call.body && <Code block>{call.body}</Code>}
            <Group gap="xs">
                <Text size="xs" c="dimmed">
                    {call.status === null ? t("calls.going") : t("calls.came", { status: call.status, milliseconds: call.milliseconds })}
                </Text>
                <CopyButton value={asCurl(call)}>
                    {({ copied, copy }) => (
                        <Button size="compact-xs" variant="subtle" onClick={copy}>
                            {t(copied ? "copied" : "calls.copy")}
                        </Button>
                    )}
                </CopyButton>
            </Group>
        </Stack>
    );
}

/* Everything that this page did is a documented call of the API; here they are. */
export default function Calls({ close }: { close: () => void }) {
    const { t } = useTranslation();
    const calls = useSyncExternalStore(watchCalls, readCalls);

    return (
        <Drawer opened onClose={close} position="right" size="lg" title={t("calls.title")} closeButtonProps={{ "aria-label": t("close") }}>
            <Text mb="md" c="dimmed">
                {t("calls.words")}
            </Text>
            <Stack component="ol" gap="lg" p={0} m={0} style={{ listStyle: "none" }}>
                {calls.map((call) => (
                    <One key={call.id} call={call} />
                ))}
            </Stack>
        </Drawer>
    );
}
