// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, FileInput, Group, Modal, Stack, Tabs, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { Copied } from "../parts/Copied";
import { saveAs } from "../parts/download";
import { useTime } from "../parts/time";
import { packageOf } from "./package";

const AUTHORITY_MAX = 32_768;

/* The one-time code of an agent, and what is to be done with it on its machine. It is shown this once. */
export function Code({ made, close }: { made: Schemas["NewAgent"]; close: () => void }) {
    const { t } = useTranslation("agents");
    const { full } = useTime();
    const [authority, setAuthority] = useState<File | null>(null);
    const url = location.origin;
    const file = `${made.name}.enrolment`;

    async function save() {
        const pem = authority && authority.size <= AUTHORITY_MAX ? await authority.text() : null;

        saveAs(new Blob([packageOf(made, url, pem)], { type: "application/json" }), file);
    }

    return (
        <Modal opened onClose={close} title={t("code.title", { name: made.name })} size="lg" closeButtonProps={{ "aria-label": t("shell:close") }}>
            <Stack>
                <Text>{t("code.lead")}</Text>
                <Copied value={made.code} label={t("code.code")} />
                {made.expires && (
                    <Text size="sm" c="dimmed">
                        {t("code.until", { when: full(made.expires) })}
                    </Text>
                )}
                <Tabs defaultValue="typed">
                    <Tabs.List mb="sm">
                        <Tabs.Tab value="typed">{t("code.typed")}</Tabs.Tab>
                        <Tabs.Tab value="file">{t("code.file")}</Tabs.Tab>
                    </Tabs.List>
                    <Tabs.Panel value="typed">
                        <Stack component="ol" gap="xs" m={0} ps="lg">
                            <li>
                                <Text size="sm">{t("code.settings")}</Text>
                                <Copied value={`[service]\nurl = ${url}`} label={t("code.settings")} />
                            </li>
                            <li>
                                <Text size="sm">{t("code.run")}</Text>
                                <Copied value="imprimatur-agent --config /etc/imprimatur/agent.conf --enrol" label={t("code.run")} />
                            </li>
                            <li>
                                <Text size="sm">{t("code.start")}</Text>
                                <Copied value="systemctl enable --now imprimatur-agent" label={t("code.start")} />
                            </li>
                        </Stack>
                    </Tabs.Panel>
                    <Tabs.Panel value="file">
                        <Stack>
                            <Text size="sm">{t("code.fileLead")}</Text>
                            <FileInput label={t("code.authority")} description={t("code.authorityHint")} clearable value={authority} onChange={setAuthority} accept=".pem,.crt,.cer" />
                            <Group>
                                <Button onClick={() => void save()}>{t("code.save", { file })}</Button>
                            </Group>
                            <Copied value={`imprimatur-agent --config /etc/imprimatur/agent.conf --enrol ${file}`} label={t("code.run")} />
                        </Stack>
                    </Tabs.Panel>
                </Tabs>
                <Group justify="flex-end">
                    <Button variant="default" onClick={close}>
                        {t("code.done")}
                    </Button>
                </Group>
            </Stack>
        </Modal>
    );
}
