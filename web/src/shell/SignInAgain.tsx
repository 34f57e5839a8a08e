// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { answerAsked, readSession } from "../api/session";
import { Fresh } from "./Fresh";

/* In a window of its own, so that what is being written here stays; when it is done there, this goes on. */
function Elsewhere() {
    const { t } = useTranslation();
    const [isWrong, setWrong] = useState(false);

    const look = async () => {
        const found = await readSession().catch(() => null);
        if (found) answerAsked(true);
        else setWrong(true);
    };

    useEffect(() => {
        const back = () => {
            void readSession()
                .catch(() => null)
                .then((found) => found && answerAsked(true));
        };
        window.addEventListener("focus", back);
        return () => window.removeEventListener("focus", back);
    }, []);
    return (
        <Stack>
            <Text>{t("signInAgain.words")}</Text>
            {isWrong && (
                <Text c="red" role="alert">
                    {t("signInAgain.notYet")}
                </Text>
            )}
            <Group justify="flex-end">
                <Button variant="default" onClick={() => answerAsked(false)}>
                    {t("cancel")}
                </Button>
                <Button variant="default" onClick={() => void look()}>
                    {t("signInAgain.done")}
                </Button>
                <Button onClick={() => window.open("/sign-in?next=%2Fsigned-in", "_blank", "popup,width=520,height=760")} data-autofocus>
                    {t("signInAgain.open")}
                </Button>
            </Group>
        </Stack>
    );
}

export default function SignInAgain({ asked }: { asked: "sign-in" | "fresh" }) {
    const { t } = useTranslation();

    return (
        <Modal
            opened
            onClose={() => answerAsked(false)}
            title={t(asked === "fresh" ? "fresh.title" : "signInAgain.title")}
            centered
            closeButtonProps={{ "aria-label": t("close") }}
        >
            {asked === "sign-in" && <Elsewhere />}
            {asked === "fresh" && <Fresh />}
        </Modal>
    );
}
