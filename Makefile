# 寻访。每个目标后面“##”之后的话就是 make help 显示的说明。
.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test matrix check bench bench-jobs torture siege province lint-mutants fuzz fuzz-lived fuzz-studio screenshots walks guide reset

BIN := .venv/bin
ARGS ?=
KILLS ?= 2000

help: ## 列出这里能做的事
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## 安装运行所需的一切（可重复执行，已装好时立即结束）
	@bash .ci/setup

setup-test:
	@bash .ci/setup test

run: setup ## 启动演示：首次运行建库并造一年的演示数据（参数写在 ARGS="…" 里）
	@$(BIN)/xunfang serve --demo $(ARGS)

test: setup-test ## 运行全部测试（只测一部分：make test ARGS="tests/worktime"）
	@# many tests wait for what they started, and what they start must not compile its code anew each time
	@PYTHONDONTWRITEBYTECODE= PYTEST_XDIST_AUTO_NUM_WORKERS=$$(($$(nproc) + 2)) $(BIN)/pytest $(ARGS)

matrix: setup-test ## 逐个网址、方法、角色、关系核对谁能打开什么，并报告数目和用时（在 PostgreSQL 上：ARGS=--postgresql）
	@$(BIN)/pytest -n0 -s tests/web/test_matrix.py --every-relation $(ARGS)

check: setup-test ## 检查代码写法、类型和各地规则文件
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/xunfang check

bench: setup-test ## 测量检查规则要多久，每秒能作出多少次判断、受理多少条线索，网上填报一分钟（只量它：ARGS="--only-minute"），个案多了各页要多久（只量后者：ARGS="--only-growth --sizes 10000 100000"）
	@PYTHONPATH=platform:tests $(BIN)/python tests/bench/run.py $(ARGS)

bench-jobs: setup-test ## 测量多人同时填写时后台每秒办多少件作业（SQLite 和 PostgreSQL 各一遍）；或每种长作业进行时别人要等多久（ARGS="--long 20000"：有多少项未办结任务的县）
	@PYTHONPATH=platform:tests $(BIN)/python tests/bench/jobs.py $(ARGS)

torture: setup-test ## 反复强行终止网站、后台和主进程，写满磁盘，拨乱时钟（约二十五分钟），查有没有丢失或重复（次数写在 KILLS=…；在 PostgreSQL 上：ARGS=--postgresql）
	@PYTHONPATH=platform:tests $(BIN)/python tests/torture/run.py --kills $(KILLS) $(ARGS)

siege: setup-test ## 用慢的、闲着的、过多的连接围住本机的演示，看别人的页面还有多快（约一分半钟；前面加 nginx：ARGS=--nginx）
	@$(BIN)/python tests/siege/run.py $(ARGS)

.PHONY: bundle bundle-try compose-try upgrade-try
bundle: setup-test ## 做离线安装包，放进 var/bundles/（给 ARM64：ARGS="--arch aarch64"；连同 Debian 系统软件包：ARGS=--with-system）
	@$(BIN)/python deploy/bundle/make.py $(ARGS)

bundle-try: ## 把离线安装包装在没有任何网络的地方，启动、登录、打开文书、体检（约五分钟；指明哪一个：ARGS="--bundle 文件"）
	@$(BIN)/python tests/deploy/trial.py $(ARGS)

compose-try: setup-test ## 用 podman 把整套容器（网站、后台作业、PostgreSQL）跑起来，填报、印文书、备份、重启、中断、换镜像（约十五分钟；须先 make bundle ARGS=--with-system）
	@PYTHONPATH=platform:tests $(BIN)/python -m deploy.composed $(ARGS)

upgrade-try: setup-test ## 用库里较早一版的程序建库、填报、备份，换成现在的，再退回（约两分钟；从哪一版：ARGS="--from 提交"）
	@PYTHONPATH=platform:tests $(BIN)/python tests/deploy/upgrading.py $(ARGS)

province: setup-test ## 按省级规模试压：生成各县规则和个案，两个网站、两个后台进程在 PostgreSQL 上跑二十分钟（先试小的：ARGS="--counties 10 --cases 20000 --minutes 1"）
	@PYTHONPATH=platform:tests $(BIN)/python -m scale.province $(ARGS)

screenshots: setup-test ## 把各主要页面按手机、桌面、打印三种样子拍下来（放在 var/screenshots/）
	@$(BIN)/python tests/web/screenshots.py var/screenshots

walks: setup-test ## 在浏览器里走查：造两个县一年的演示数据，以各人的账号走访、报送、会商、公示、看指标、导台账，逐处核对（约三分钟；截图在 var/walks/；只走几项：ARGS="visit ledger"）
	@PYTHONPATH=platform:tests $(BIN)/python tests/web/walks.py $(ARGS)

guide: setup-test ## 重写 docs/guide.md，并为它重拍插图
	@$(BIN)/python tests/web/guide_pictures.py
	@$(BIN)/python tests/web/paper_guide.py

lint-mutants: setup-test ## 把规则检查的每个函数逐个停用，看有没有测试察觉（约三分钟）
	@PYTHONPATH=platform:tests $(BIN)/python -m rulebook.lint_mutants

.PHONY: year
PEOPLE ?= 6000
year: setup-test ## 在真的引擎上过完两个县的一年，再单凭留痕和所填的表重数一遍，逐个数字核对（多少户：PEOPLE=600；只过一个县：ARGS="--counties 370304-boshan"）
	@PYTHONPATH=platform:tests PEOPLE=$(PEOPLE) $(BIN)/python -m year.run $(ARGS)

N ?= 5000
fuzz: setup-test ## 把各地规则文件随机改坏 N 次，看编译器是否总能说清问题（make fuzz N=20000）
	@PYTHONPATH=platform:tests $(BIN)/python -m rulebook.fuzz $(N) $(SEED)

LIVES ?= 500
fuzz-lived: setup-test ## 在各地规则文件里犯像真的错误，检查放过的照着办一遍：个案、文书、列表都不应出错（make fuzz-lived LIVES=2000）
	@PYTHONPATH=platform:tests $(BIN)/python -m machines.lived $(LIVES) $(SEED)

EDITS ?= 20000
fuzz-studio: setup-test ## 把各地每个规则文件改一个值，再随机改、加、删、移两万次，核对别处一个字也没有变（make fuzz-studio EDITS=20000）
	@PYTHONPATH=platform:tests EDITS=$(EDITS) $(BIN)/python -m rulebook.random_edits

reset: ## 删去演示数据（var/demo/），从头开始；正式的数据库、文书和密钥不动（先停掉正在运行的演示）
	@rm -rf var/demo
	@echo "演示数据已删去，其他都没有动。再次 make run 会重新造一年的演示数据。"
