// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Props {
    opened: boolean;
    title: string;
    words: ReactNode; // what will be so afterwards, and whether it can be undone
    deed: string; // what the button does, as a verb
    busy?: boolean;
    close: () => void;
    confirm: () => void;
}

/* Before what hurts. */
export function Confirm({ opened, title, words, deed, busy = false, close, confirm }: Props) {
    const { t } = useTranslation();

    return (
        <Modal opened={opened} onClose={close} title={title} centered closeButtonProps={{ "aria-label": t("close") }}>
            <Stack>
                <Text component="div">{words}</Text>
                <Group justify="flex-end">
                    <Button variant="default" onClick={close} data-autofocus>
                        {t("cancel")}
                    </Button>
                    <Button color="red" loading={busy} onClick={confirm}>
                        {deed}
                    </Button>
                </Group>
            </Stack>
        </Modal>
    );
}
