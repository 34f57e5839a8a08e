// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Copied } from "./Copied";
import { useTime } from "./time";

interface Props {
    title: string;
    words: string; // what is to be done with it
    code: string;
    expires: string | null;
    commands?: readonly string[]; // what goes with it
    close: () => void;
}

/* A code that is shown this once. */
export function OneTimeCode({ title, words, code, expires, commands = [], close }: Props) {
    const { t } = useTranslation("things");
    const { full } = useTime();

    return (
        <Modal opened onClose={close} title={title} size="lg" closeButtonProps={{ "aria-label": t("shell:close") }}>
            <Stack>
                <Text>{words}</Text>
                <Copied value={code} label={t("code.code")} />
                {commands.map((command) => (
                    <Copied key={command} value={command} label={command} />
                ))}
                <Text size="sm" c="dimmed">
                    {t("shell:shownOnce")} {expires && t("code.until", { when: full(expires) })}
                </Text>
                <Group justify="flex-end">
                    <Button variant="default" onClick={close}>
                        {t("shell:close")}
                    </Button>
                </Group>
            </Stack>
        </Modal>
    );
}
