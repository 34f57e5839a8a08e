// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Modal, Stack } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Props {
    title: string;
    deed: string; // what the button does, as a verb
    busy?: boolean;
    size?: "md" | "lg" | "xl";
    close: () => void;
    submit: () => void;
    children: ReactNode;
}

/* Something to fill in: Enter does it, Escape leaves it. */
export function Dialog({ title, deed, busy = false, size = "md", close, submit, children }: Props) {
    const { t } = useTranslation();

    function send(event: FormEvent) {
        event.preventDefault();
        submit();
    }

    return (
        <Modal opened onClose={close} title={title} size={size} closeButtonProps={{ "aria-label": t("close") }}>
            <form onSubmit={send}>
                <Stack>
                    {children}
                    <Group justify="flex-end">
                        <Button variant="default" onClick={close}>
                            {t("cancel")}
                        </Button>
                        <Button type="submit" loading={busy}>
                            {deed}
                        </Button>
                    </Group>
                </Stack>
            </form>
        </Modal>
    );
}
