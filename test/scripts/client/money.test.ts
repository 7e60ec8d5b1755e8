import {expect} from "chai";
import {Contract} from "ethers";

import {RefusedError} from "../../../scripts/client/index.js";
import {accountId, amount, eventsOf, parseUnits, RIGHT_NAMES} from "../../../scripts/sdk/index.js";
import {createChain, now, tokenOf, USD} from "../../support/world.js";
import {allowed, MINUTE, openOffice, refused} from "./fixture.js";

const connection = await createChain();
const {loadFixture} = connection.networkHelpers;
const fixture = () => openOffice(connection);

describe("client: money", () => {
    describe("deposit", () => {
        it("should foresee margin and allowance, then do both", async () => {
            const {
                world,
                clients: [alice],
            } = await loadFixture(fixture);
            const account = alice.accountId();
            const deposit = alice.deposit({account, token: "usdc", amount: alice.amount("1000.5", "USDC")});
            const {effect, approves} = allowed(await deposit.preview());
            expect(approves, "allowance that is missing").to.equal(1_000_500_000n);
            expect(effect.token.symbol, "token").to.equal("USDC");
            expect(effect.margin?.after, "margin after").to.deep.equal({
                equityE18: parseUnits("1000.5"),
                initialE18: 0n,
                maintenanceE18: 0n,
            });
            const {events, gasUsed} = await deposit.send();
            const [deposited] = eventsOf(events, "vault", "Deposited");
            expect(deposited?.values.creditE18, "credited").to.equal(effect.deltaE18);
            expect(gasUsed > 0n, "gas").to.equal(true);
            const {margin, zone, book} = await alice.account(account);
            expect(margin, "margin as foreseen").to.deep.equal(effect.margin?.after);
            expect([zone, book.cashE18], "account").to.deep.equal(["healthy", parseUnits("1000.5")]);
            const token = tokenOf(world, "USDC").getFunction("allowance");
            const {vault} = world.deployment.contracts;
            const left = (await token.staticCall(world.owners[0]!.address, vault)) as bigint;
            expect(left, "no allowance is left over").to.equal(0n);
        });

        it("should replace an allowance that is too small, and leave one that suffices", async () => {
            const {
                world,
                clients: [alice],
            } = await loadFixture(fixture);
            const token = tokenOf(world, "USDC", world.owners[0]);
            const deposit = alice.deposit({account: alice.accountId(), token: "USDC", amount: amount(7n * USD)});
            await token.getFunction("approve")(world.deployment.contracts.vault, 5n * USD);
            expect(allowed(await deposit.preview()).approves, "too small").to.equal(7n * USD);
            await deposit.send();
            await token.getFunction("approve")(world.deployment.contracts.vault, 8n * USD);
            expect(allowed(await deposit.preview()).approves, "enough").to.equal(undefined);
        });

        it("should count collateral by its weight", async () => {
            const {
                clients: [alice],
            } = await loadFixture(fixture);
            const account = alice.accountId(3n);
            const deposit = alice.deposit({account, token: "WETH", amount: alice.amount("2", "WETH")});
            const {effect} = allowed(await deposit.preview());
            await deposit.send();
            const {margin} = await alice.account(account);
            expect(margin, "as foreseen").to.deep.equal(effect.margin?.after);
            expect(margin.equityE18 > parseUnits("4000"), "worth something").to.equal(true);
        });

        it("should say why it would be refused before any allowance is given", async () => {
            const {
                world,
                clients: [alice],
            } = await loadFixture(fixture);
            const account = alice.accountId();
            const tooMuch = alice.deposit({account, token: "USDC", amount: amount(2n * 10n ** 12n)});
            expect(refused(await tooMuch.preview()).name, "wallet").to.equal("ERC20InsufficientBalance");
            const weth = await world.all.vault.assetIdOf(world.deployment.tokens["WETH"]!.address);
            const {steward} = world.officers;
            await world.all.vault.connect(steward).setAssetCap(weth.assetId, 5n, true);
            const ether = alice.deposit({account, token: "WETH", amount: amount(6n)});
            const foreseen = refused(await ether.preview());
            expect(foreseen.name, "cap").to.equal("MarginVault_CapExceeded");
            await tokenOf(world, "WETH", world.owners[0]).getFunction("approve")(world.deployment.contracts.vault, 6n);
            expect(refused(await ether.preview()), "in the contract's own words").to.deep.equal(foreseen);
            await world.all.vault.connect(steward).setAssetCap(weth.assetId, 5n, false);
            expect(refused(await ether.preview()).name, "closed").to.equal("MarginVault_AssetNotOpen");
            await world.all.vault.connect(steward).setSettlementCap(10n ** 18n);
            const coin = alice.deposit({account, token: "USDC", amount: amount(2n * USD)});
            const said = refused(await coin.preview());
            expect(said.sentence, "cap of the coin").to.match(/total 2, cap 1\.$/);
            const usdc = tokenOf(world, "USDC", world.owners[0]).getFunction("approve");
            await usdc(world.deployment.contracts.vault, 2n * USD);
            expect(refused(await coin.preview()), "the contract's own").to.deep.equal(said);
        });
    });

    describe("depositWithPermit", () => {
        it("should take a signature instead of an allowance", async () => {
            const {
                world,
                clients: [alice],
            } = await loadFixture(fixture);
            const owner = world.owners[0]!;
            const {address} = world.deployment.tokens["USDC"]!;
            const token = new Contract(
                address,
                [
                    "function nonces(address) view returns (uint256)",
                    "function eip712Domain() view returns (bytes1, string name, string version, uint256 chainId, address at, bytes32, uint256[])",
                ],
                owner,
            );
            const {name, version, chainId} = (await token.getFunction("eip712Domain").staticCall()) as unknown as {
                name: string;
                version: string;
                chainId: bigint;
            };
            const spender = world.deployment.contracts.vault;
            const deadline = (await now(world)) + 10 * MINUTE;
            const value = 25n * USD;
            const nonce = (await token.getFunction("nonces").staticCall(owner.address)) as bigint;
            const types = {
                Permit: ["owner address", "spender address", "value uint256", "nonce uint256", "deadline uint256"].map(
                    (field) => ({name: field.split(" ")[0]!, type: field.split(" ")[1]!}),
                ),
            };
            const domain = {name, version, chainId, verifyingContract: address};
            const signature = await owner.signTypedData(domain, types, {
                owner: owner.address,
                spender,
                value,
                nonce,
                deadline,
            });
            const order = {account: alice.accountId(), token: "USDC", amount: amount(value)};
            const deposit = alice.depositWithPermit(order, {deadline, signature});
            const {effect, approves} = allowed(await deposit.preview());
            expect([approves, effect.deltaE18], "one transaction").to.deep.equal([undefined, parseUnits("25")]);
            await deposit.send();
            expect((await alice.account(order.account)).book.cashE18, "cash").to.equal(parseUnits("25"));
            const late = alice.depositWithPermit(order, {deadline, signature});
            expect(refused(await late.preview()).name, "used already").to.equal("MarginVault_PermitFailed");
        });
    });

    describe("withdraw and transfer", () => {
        async function funded() {
            const office = await loadFixture(fixture);
            const [alice] = office.clients;
            const account = alice.accountId();
            await alice.deposit({account, token: "USDC", amount: amount(1000n * USD)}).send();
            return {...office, alice, account};
        }

        it("should let out what may leave, and say in words why not more", async () => {
            const {alice, account} = await funded();
            const most = await alice.maxWithdraw(account, "USDC");
            expect(alice.formatAmount(most, "USDC"), "all of it").to.equal("1000");
            const {effect} = allowed(await alice.withdraw({account, token: "USDC", amount: most}).preview());
            expect(effect.margin?.after.equityE18, "nothing is left").to.equal(0n);
            const more = alice.withdraw({account, token: "USDC", amount: amount(most + 1n)});
            const {name, values} = refused(await more.preview());
            expect([name, values["equityE18"]], "refused").to.deep.equal(["RiskEngine_BelowInitial", "-0.000001"]);
            const error: unknown = await more.send().catch((thrown: unknown) => thrown);
            expect(error, "typed").to.be.instanceOf(RefusedError);
            expect(error, "with the same words").to.deep.include({code: "refused"});
            expect((error as RefusedError).refusal.name, "and name").to.equal("RiskEngine_BelowInitial");
            await alice.withdraw({account, token: "USDC", amount: most}).send();
            expect((await alice.account(account)).book.cashE18, "empty").to.equal(0n);
        });

        it("should move units to another account", async () => {
            const {
                alice,
                account,
                clients: [, bob],
            } = await funded();
            const order = {from: account, to: bob.accountId(1n), token: "USDC", units: parseUnits("12.5")};
            const {effect} = allowed(await alice.transfer(order).preview());
            expect(effect.deltaE18, "paid").to.equal(parseUnits("-12.5"));
            await alice.transfer(order).send();
            expect((await bob.account(order.to)).book.cashE18, "received").to.equal(parseUnits("12.5"));
            expect((await alice.account(account)).margin, "as foreseen").to.deep.equal(effect.margin?.after);
        });

        it("should refuse addresses of nobody and tokens that it does not know", async () => {
            const {alice, account} = await funded();
            const one = amount(1n);
            expect(() => alice.withdraw({account, token: "USDC", amount: one, to: "me"}), "to").to.throw('"me"');
            expect(() => alice.withdraw({account, token: "DOGE", amount: one}), "token")
                .to.throw('"DOGE" is not a token')
                .that.includes({code: "token-unknown"});
        });
    });

    describe("setOperator and setModel", () => {
        it("should give rights, show them, and take them back", async () => {
            const {
                world,
                clients: [alice, bob],
            } = await loadFixture(fixture);
            const account = alice.accountId();
            const operator = world.owners[1]!.address;
            const expiresAt = (await now(world)) + 10 * MINUTE;
            const grant = alice.setOperator({account, operator, rights: ["trade", "transfer"], expiresAt});
            const {effect} = allowed(await grant.preview());
            expect(effect.before.rights, "before").to.deep.equal([]);
            await grant.send();
            expect(await alice.grantOf(account, operator), "granted").to.deep.equal(effect.after);
            expect(await alice.isAuthorised(account, operator, "trade"), "may trade").to.equal(true);
            expect(await alice.isAuthorised(account, operator, "withdraw"), "may not withdraw").to.equal(false);
            const stolen = bob.withdraw({account, token: "USDC", amount: amount(1n)});
            expect(refused(await stolen.preview()).values["caller"], "who").to.equal(operator);
            await alice.setOperator({account, operator, rights: []}).send();
            expect(await alice.isAuthorised(account, operator, "trade"), "taken back").to.equal(false);
            const others = bob.setOperator({account, operator, rights: RIGHT_NAMES});
            expect(refused(await others.preview()).name, "owners only").to.equal("MarginVault_NotAuthorised");
        });

        it("should show the margin under both models", async () => {
            const {
                clients: [alice],
            } = await loadFixture(fixture);
            const account = accountId(alice.accountId().slice(0, 42));
            const change = alice.setModel(account, "ISOLATED");
            expect(allowed(await change.preview()).effect.margin?.after.initialE18, "nothing asked").to.equal(0n);
            await change.send();
            expect((await alice.account(account)).book.model, "chosen").to.equal("ISOLATED");
            const report = alice.setModel(account, "GREEKS");
            expect(refused(await report.preview()).name, "reports only").to.equal("MarginVault_ModelDoesNotGovern");
        });
    });
});
